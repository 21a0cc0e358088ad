package io.roomfield.slam.config;

/**
 * Where traces go.
 *
 * @param endpoint URL that takes spans as OTLP over HTTP; empty for no tracing
 * @param share of the traces that are recorded, 0 to 1
 */
public record TracingConfig(String endpoint, double share) {
  public TracingConfig {
    Check.present("tracing.endpoint", endpoint);
    Check.share("tracing.share", share);
    if (!endpoint.isEmpty() && !endpoint.matches("https?://.+")) {
      throw new IllegalArgumentException(
          "tracing.endpoint: %s (expected: an http or https URL such as http://localhost:4318/v1/traces)"
              .formatted(endpoint));
    }
  }
}
