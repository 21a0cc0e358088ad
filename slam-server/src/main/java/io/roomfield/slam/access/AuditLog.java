package io.roomfield.slam.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was done to sessions, and what was refused: a JSON object a line, to the logger {@code
 * audit}. There are no secrets in it, and of a session's id only the beginning.
 */
public final class AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger("audit");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** As much of a session's id as other logs show. */
  private static final int LOGGED_ID_LENGTH = 6;

  /**
   * One call.
   *
   * @param action the call's name
   * @param principal who made it; empty where that is not known
   * @param session the session's id; empty where there is none
   * @param detail what else there is to say; may be empty
   * @param peer the address that it came from
   * @param result the gRPC status code's name
   */
  public record Entry(
      String action, String principal, String session, String detail, String peer, String result) {}

  private final Clock clock;

  public AuditLog(Clock clock) {
    this.clock = clock;
  }

  /** As much of a session's id as logs show. */
  public static String logged(String session) {
    return session.substring(0, Math.min(session.length(), LOGGED_ID_LENGTH));
  }

  public void write(Entry entry) {
    Map<String, String> line = new LinkedHashMap<>();
    line.put("at", clock.instant().toString());
    line.put("action", entry.action());
    line.put("principal", entry.principal());
    line.put("session", logged(entry.session()));
    line.put("detail", entry.detail());
    line.put("peer", entry.peer());
    line.put("result", entry.result());
    line.values().removeIf(String::isEmpty);
    try {
      LOG.info("{}", JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // strings always can be written
    }
  }
}
