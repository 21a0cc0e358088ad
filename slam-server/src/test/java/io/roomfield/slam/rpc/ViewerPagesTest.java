package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roomfield.slam.v1.SlamServiceGrpc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewerPagesTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private RunningServer server;

  @BeforeAll
  void startServer() throws IOException {
    server = new RunningServer(Map.of());
  }

  @AfterAll
  void stopServer() {
    http.close();
    server.close();
  }

  @Test
  void pageIsServedUnderAPolicyThatLetsNothingElseIn() throws IOException, InterruptedException {
    HttpResponse<String> page = get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
    String policy = page.headers().firstValue("content-security-policy").orElseThrow();
    assertThat(policy)
        .contains("default-src 'none'", "script-src 'self' 'sha256-", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.body()).doesNotContain("${", " style=", " onclick=");
  }

  /** Every file that the page names is there, of a type that browsers run as a module. */
  @Test
  void modulesAreServedAsJavaScript() throws IOException, InterruptedException {
    Matcher three = Pattern.compile("\"(/three/[^\"]+[.]js)\"").matcher(get("/").body());
    assertThat(three.find()).isTrue();
    HttpResponse<String> library = get(three.group(1));
    assertThat(library.headers().firstValue("cache-control").orElseThrow()).contains("immutable");
    for (HttpResponse<String> module : List.of(library, get("/app.js"))) {
      assertThat(module.statusCode()).isEqualTo(200);
      assertThat(module.headers().firstValue("content-type").orElseThrow()).contains("javascript");
    }
  }

  @Test
  void whatIsNotThereIsNotFound() throws IOException, InterruptedException {
    assertThat(get("/nothing.js").statusCode()).isEqualTo(404);
    assertThat(get("/../server.yaml").statusCode()).isNotEqualTo(200);
  }

  @Test
  void schemaTellsEveryCallAndField() throws IOException, InterruptedException {
    JsonNode schema = new ObjectMapper().readTree(get("/api.json").body());

    assertThat(schema.get("service").textValue()).isEqualTo(SlamServiceGrpc.SERVICE_NAME);
    assertThat(schema.get("methods").size())
        .isEqualTo(SlamServiceGrpc.getServiceDescriptor().getMethods().size());
    assertThat(schema.at("/messages/MeshPatch/5").toString())
        .isEqualTo(
            "{\"name\":\"mesh\",\"type\":\"MESSAGE\",\"repeated\":false,\"presence\":true,\"of\":\"MeshChunk\"}");
    assertThat(schema.at("/enums/Role/2").textValue()).isEqualTo("ROLE_VIEWER");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + server.port() + path);
    return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
  }
}
