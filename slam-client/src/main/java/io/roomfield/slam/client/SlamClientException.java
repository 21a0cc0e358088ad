package io.roomfield.slam.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.roomfield.slam.v1.BadInput;
import java.util.Optional;

/**
 * A call that the server refused or that never reached it. Where the server named a field (the
 * {@code BadInput} detail of its status), {@link #field}, {@link #expected} and {@link #got} say
 * which, what would have been accepted and what came.
 */
public final class SlamClientException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Status.Code code;
  private final BadInput badInput;

  SlamClientException(Status.Code code, String message, BadInput badInput, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.badInput = badInput;
  }

  /** Reads status, description and detail of a failed call. */
  static SlamClientException of(String rpc, Throwable failure) {
    Status status = Status.fromThrowable(failure);
    BadInput badInput = badInput(failure);
    StringBuilder message = new StringBuilder(rpc).append(": ");
    message.append(status.getDescription() == null ? status.getCode() : firstLine(status));
    if (status.getCause() != null) {
      message.append(": ").append(root(status.getCause()).getMessage());
    }
    if (badInput != null && message.indexOf(badInput.getField()) < 0) {
      message
          .append(" (%s: %s, ".formatted(badInput.getField(), badInput.getGot()))
          .append("expected: %s)".formatted(badInput.getExpected()));
    }
    return new SlamClientException(status.getCode(), message.toString(), badInput, failure);
  }

  /** An answer that breaks the protocol: our fault or the server's, never the caller's. */
  static SlamClientException badAnswer(String rpc, String message) {
    return new SlamClientException(Status.Code.DATA_LOSS, rpc + ": " + message, null, null);
  }

  /** The gRPC status code, as the proto lists them under "Errors". */
  public Status.Code code() {
    return code;
  }

  /** The field at fault as a path, such as {@code camera.fx}. */
  public Optional<String> field() {
    return Optional.ofNullable(badInput).map(BadInput::getField);
  }

  /** What would have been accepted. */
  public Optional<String> expected() {
    return Optional.ofNullable(badInput).map(BadInput::getExpected);
  }

  /** What came. */
  public Optional<String> got() {
    return Optional.ofNullable(badInput).map(BadInput::getGot);
  }

  /** Behind it gRPC may tell the channel's handlers. */
  private static String firstLine(Status status) {
    return status.getDescription().lines().findFirst().orElse("");
  }

  private static Throwable root(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static BadInput badInput(Throwable failure) {
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    if (status == null) {
      return null;
    }
    for (Any detail : status.getDetailsList()) {
      if (detail.is(BadInput.class)) {
        try {
          return detail.unpack(BadInput.class);
        } catch (InvalidProtocolBufferException e) {
          failure.addSuppressed(e);
        }
      }
    }
    return null;
  }
}
