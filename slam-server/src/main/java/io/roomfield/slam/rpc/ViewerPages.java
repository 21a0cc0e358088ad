package io.roomfield.slam.rpc;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ServerCacheControl;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.file.FileService;
import com.linecorp.armeria.server.file.FileServiceBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of the viewer, from the class path. They hold nothing of any session, so nobody is
 * asked who they are; the calls that the page makes are.
 */
final class ViewerPages {
  private static final String VIEWER = "viewer";
  private static final String INDEX = VIEWER + "/index.html";
  private static final Pattern IMPORT_MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

  private static final String POLICY_HEADER = "content-security-policy";

  private ViewerPages() {}

  /**
   * The page and its modules; browsers ask each time whether they have changed. A call of the API
   * that there is not comes here as well, and is not found, as gRPC wants it.
   */
  static HttpService viewer() {
    HttpService files =
        safe(FileService.builder(ViewerPages.class.getClassLoader(), VIEWER))
            .cacheControl(ServerCacheControl.REVALIDATED)
            .addHeader(POLICY_HEADER, policy())
            .build();
    return (context, request) ->
        request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD
            ? files.serve(context, request)
            : HttpResponse.of(HttpStatus.NOT_FOUND);
  }

  /** three.js, under an address that names its version: it never changes there. */
  static HttpService three() {
    String folder = "META-INF/resources/webjars/three/" + ServerProcess.threeVersion();
    return safe(FileService.builder(ViewerPages.class.getClassLoader(), folder))
        .cacheControl(ServerCacheControl.IMMUTABLE)
        .build();
  }

  private static FileServiceBuilder safe(FileServiceBuilder files) {
    return files
        .addHeader(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
        .addHeader(HttpHeaderNames.REFERRER_POLICY, "no-referrer");
  }

  /**
   * Nothing comes from elsewhere, and nothing inline runs. Images are made of bytes that calls
   * answered. The one hash is the import map's, which says where {@code three} is.
   */
  private static String policy() {
    return "default-src 'none'; script-src 'self' 'sha256-%s'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        .formatted(importMapHash());
  }

  private static String importMapHash() {
    try (InputStream in = ViewerPages.class.getClassLoader().getResourceAsStream(INDEX)) {
      Matcher map = IMPORT_MAP.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      if (!map.find()) {
        throw new IllegalStateException(
            INDEX + ": no import map (expected: one, before all modules)");
      }
      byte[] text = map.group(1).getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
