package io.roomfield.slam.client.viewer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chromium without a screen, driven through its driver (W3C WebDriver and what Chromium adds). */
final class Browser implements AutoCloseable {
  /** How a machine gets both. */
  static final String HOW_TO_INSTALL = "apt install chromium chromium-driver";

  private static final String DRIVER = "chromedriver";
  private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
  private static final Duration CALL_LIMIT = Duration.ofMinutes(5);
  private static final Duration SCRIPT_LIMIT = Duration.ofMinutes(4);

  /** Draws in software and talks to nobody but the page's server. */
  private static final List<String> FLAGS =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--use-gl=angle",
          "--use-angle=swiftshader",
          "--enable-unsafe-swiftshader",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--hide-scrollbars",
          "--window-size=1440,1000");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process driver;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String session;

  private Browser(Process driver, int port, Path folder) throws IOException {
    this.driver = driver;
    List<String> flags = new ArrayList<>(FLAGS);
    flags.add("--user-data-dir=" + Files.createDirectories(folder.resolve("profile")));
    Map<String, Object> wanted =
        Map.of(
            "browserName",
            "chrome",
            "goog:chromeOptions",
            Map.of("args", flags),
            "goog:loggingPrefs",
            Map.of("browser", "ALL"),
            "timeouts",
            Map.of("script", SCRIPT_LIMIT.toMillis()));
    String root = "http://127.0.0.1:" + port + "/session";
    JsonNode opened = call("POST", root, Map.of("capabilities", Map.of("alwaysMatch", wanted)));
    session = root + "/" + opened.get("sessionId").textValue();
  }

  /** Whether the driver is on the path. */
  static boolean isInstalled() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, DRIVER)));
  }

  /**
   * @param folder takes the browser's profile
   */
  static Browser start(Path folder) throws IOException {
    Process driver =
        new ProcessBuilder(DRIVER, "--port=0")
            .redirectError(folder.resolve("chromedriver.log").toFile())
            .start();
    BufferedReader said = driver.inputReader();
    String all = "";
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      all += line + System.lineSeparator();
      Matcher started = STARTED.matcher(line);
      if (started.find()) {
        return new Browser(driver, Integer.parseInt(started.group(1)), folder);
      }
    }
    throw new IOException("chromedriver did not start; it said: " + all);
  }

  void open(String url) throws IOException {
    command("/url", Map.of("url", url));
  }

  /** What a function body returns in the page. */
  JsonNode script(String body, Object... arguments) throws IOException {
    return command("/execute/sync", Map.of("script", body, "args", List.of(arguments)));
  }

  /** Waits until an expression of {@code arguments[0]} and so on is true in the page. */
  void await(String expression, Object... arguments) throws IOException {
    String body =
        """
        const done = arguments[arguments.length - 1];
        const look = () => (%s) ? done(true) : setTimeout(look, 50);
        look();
        """
            .formatted(expression);
    command("/execute/async", Map.of("script", body, "args", List.of(arguments)));
  }

  /** Clicks the middle of an element with the mouse. */
  void click(String selector) throws IOException {
    Map<String, Object> move =
        Map.of("type", "pointerMove", "duration", 0, "origin", element(selector), "x", 0, "y", 0);
    List<Map<String, Object>> actions =
        List.of(
            move,
            Map.of("type", "pointerDown", "button", 0),
            Map.of("type", "pointerUp", "button", 0));
    act(Map.of("type", "pointer", "id", "mouse", "actions", actions));
  }

  /** Presses keys one after the other, on what has the focus. */
  void press(String keys) throws IOException {
    List<Map<String, Object>> actions = new ArrayList<>();
    for (int key : keys.codePoints().toArray()) {
      actions.add(Map.of("type", "keyDown", "value", Character.toString(key)));
      actions.add(Map.of("type", "keyUp", "value", Character.toString(key)));
    }
    act(Map.of("type", "key", "id", "keyboard", "actions", actions));
  }

  private void act(Map<String, Object> source) throws IOException {
    command("/actions", Map.of("actions", List.of(source)));
  }

  private JsonNode element(String selector) throws IOException {
    return command("/element", Map.of("using", "css selector", "value", selector));
  }

  /** A command of the DevTools protocol. */
  void devTools(String command, Map<String, Object> parameters) throws IOException {
    command("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
  }

  void screenshot(Path file) throws IOException {
    JsonNode picture = call("GET", session + "/screenshot", null);
    Files.write(file, Base64.getDecoder().decode(picture.textValue()));
  }

  /** What the console was told as errors since the last time. */
  List<String> errors() throws IOException {
    List<String> errors = new ArrayList<>();
    for (JsonNode entry : command("/se/log", Map.of("type", "browser"))) {
      if (entry.get("level").textValue().equals("SEVERE")) {
        errors.add(entry.get("message").textValue());
      }
    }
    return errors;
  }

  private JsonNode command(String path, Map<String, ?> body) throws IOException {
    return call("POST", session + path, body);
  }

  private JsonNode call(String method, String url, Map<String, ?> body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(CALL_LIMIT)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    HttpResponse<String> answer = send(request);
    JsonNode value = JSON.readTree(answer.body()).get("value");
    if (answer.statusCode() != 200) {
      throw new IOException("%s: %s".formatted(url, value.get("message").textValue()));
    }
    return value;
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      call("DELETE", session, null);
    } finally {
      http.close();
      driver.destroy();
      driver.onExit().join();
    }
  }
}
