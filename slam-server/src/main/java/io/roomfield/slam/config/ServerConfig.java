package io.roomfield.slam.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * How the server runs. Defaults are the resource {@code server.yaml}; a file given with {@code
 * --config} may replace any of its keys, and command-line options replace both.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 for any that is free
 * @param dataDirectory where the server keeps its files; made if it is not there
 * @param maxMessageBytes largest request message, bytes
 * @param maxSessions sessions that may be open at a time
 * @param queueCapacity frames of a session that may wait to be tracked before the server stops
 *     reading its stream
 * @param threads of the compute backend; 0 for one a processor
 * @param backend "auto", "scalar", "vector", "cuda" or "cuda:half"
 * @param keepSessions whether sessions are written down, so that they go on after the server ends
 * @param commitMillis for so long a frame's record waits for others that share its transaction
 * @param checkpointSeconds between two times that a session's map is written down
 * @param unloadSeconds a session that is kept and that nobody has used for so long leaves memory
 * @param mapMebibytes features and Adam's moments of a session's map that stay in memory once they
 *     are written down; 0 for all
 * @param reflection whether the gRPC reflection service is served; on loopback only
 * @param logFormat how log lines look
 * @param tracing where traces go
 * @param security TLS and authentication
 * @param limits what each principal may use
 */
public record ServerConfig(
    String host,
    int port,
    Path dataDirectory,
    int maxMessageBytes,
    int maxSessions,
    int queueCapacity,
    int threads,
    String backend,
    boolean keepSessions,
    int commitMillis,
    int checkpointSeconds,
    int unloadSeconds,
    int mapMebibytes,
    boolean reflection,
    LogFormat logFormat,
    TracingConfig tracing,
    SecurityConfig security,
    LimitsConfig limits) {

  /** How log lines look. */
  public enum LogFormat {
    /** For people. */
    TEXT,
    /** A JSON object a line. */
    JSON
  }

  private static final String DEFAULTS = "server.yaml";

  /** A message must hold an ordinary frame; a Java array holds at most 2 GiB. */
  private static final int MIN_MESSAGE_BYTES = 1 << 16;

  private static final int MAX_MESSAGE_BYTES = 1 << 30;
  private static final int MAX_PORT = 65535;
  private static final int MAX_THREADS = 1024;
  private static final int MAX_SESSIONS = 10_000;
  private static final int MAX_QUEUE = 1024;
  private static final int MAX_COMMIT_MILLIS = 1000;
  private static final int MAX_SECONDS = 86_400;
  private static final int MAX_MAP_MEBIBYTES = 1 << 20;

  public ServerConfig {
    Check.present("host", host);
    Check.present("dataDirectory", dataDirectory);
    Check.present("backend", backend);
    Check.present("logFormat", logFormat);
    Check.present("tracing", tracing);
    Check.between("port", port, 0, MAX_PORT);
    Check.between("maxMessageBytes", maxMessageBytes, MIN_MESSAGE_BYTES, MAX_MESSAGE_BYTES);
    Check.between("maxSessions", maxSessions, 1, MAX_SESSIONS);
    Check.between("queueCapacity", queueCapacity, 1, MAX_QUEUE);
    Check.between("threads", threads, 0, MAX_THREADS);
    Check.between("commitMillis", commitMillis, 0, MAX_COMMIT_MILLIS);
    Check.between("checkpointSeconds", checkpointSeconds, 1, MAX_SECONDS);
    Check.between("unloadSeconds", unloadSeconds, 1, MAX_SECONDS);
    Check.between("mapMebibytes", mapMebibytes, 0, MAX_MAP_MEBIBYTES);
    Check.present("limits", limits);
  }

  /**
   * Reads defaults, then the file, then options; the later replace the earlier.
   *
   * @param file YAML with any of this record's keys; null for none
   * @param options values by key, of the types of this record's components (a path as a string)
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException naming the source and the key at fault
   */
  public static ServerConfig load(Path file, Map<String, ?> options) throws IOException {
    ObjectNode keys;
    try (InputStream yaml = ServerConfig.class.getClassLoader().getResourceAsStream(DEFAULTS)) {
      keys = RecordReader.parse(yaml, DEFAULTS);
    }
    String source = DEFAULTS;
    if (file != null) {
      source = file.toString();
      try (InputStream yaml = Files.newInputStream(file)) {
        merge(RecordReader.parse(yaml, source), keys);
      }
    }
    // Built before the options come in, so that an error names the file where it is the file's.
    ServerConfig fromFile = build(keys, source);
    if (options.isEmpty()) {
      return fromFile;
    }
    merge(RecordReader.toTree(options), keys);
    return build(keys, "options");
  }

  private static ServerConfig build(ObjectNode keys, String source) {
    ObjectNode complete = keys.deepCopy();
    LimitsConfig.inherit(complete.path("limits"));
    return RecordReader.build(complete, ServerConfig.class, source);
  }

  /** Replaces keys; those within a mapping one by one. */
  private static void merge(ObjectNode from, ObjectNode into) {
    from.properties()
        .forEach(
            key -> {
              if (key.getValue() instanceof ObjectNode inner
                  && into.get(key.getKey()) instanceof ObjectNode replaced) {
                merge(inner, replaced);
              } else {
                into.set(key.getKey(), key.getValue());
              }
            });
  }
}
