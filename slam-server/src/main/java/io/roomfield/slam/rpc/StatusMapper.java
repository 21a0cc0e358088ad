package io.roomfield.slam.rpc;

import com.google.protobuf.Any;
import com.linecorp.armeria.common.grpc.GrpcExceptionHandlerFunction;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.roomfield.cuda.CudaException;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.store.StorageException;
import io.roomfield.slam.v1.BadInput;
import io.roomfield.slam.v1.FrameRejected;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What exceptions become on the wire: see "Errors" in the API. */
final class StatusMapper {
  private static final Logger LOG = LoggerFactory.getLogger(StatusMapper.class);

  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private StatusMapper() {}

  /**
   * The status of an exception: a refusal with its {@link BadInput} in the details,
   * RESOURCE_EXHAUSTED where the GPU's memory, the disk or the heap is full and says which,
   * DATA_LOSS where a session's file is damaged, or INTERNAL for anything else, which is logged
   * here and told to the client without its particulars.
   *
   * @param where what was being done, for the log and the INTERNAL message
   */
  static StatusRuntimeException toStatus(Throwable e, String where) {
    if (e instanceof BadInputException refusal) {
      return toStatus(refusal);
    }
    if (e instanceof StatusRuntimeException status) {
      return status;
    }
    if (e instanceof CompletionException && e.getCause() != null) {
      return toStatus(e.getCause(), where);
    }
    if (e instanceof StorageException full && full.kind() == StorageException.Kind.FULL) {
      return exhausted("room on the server's disk", full.getMessage());
    }
    if (e instanceof StorageException damaged && damaged.kind() == StorageException.Kind.DAMAGED) {
      return Status.DATA_LOSS.withDescription(damaged.getMessage()).asRuntimeException();
    }
    if (e instanceof OutOfMemoryError) {
      LOG.error("{}: the heap is full", where, e);
      return exhausted(
          "room in the server's memory; closing sessions makes some", where + ": no memory left");
    }
    if (e instanceof CudaException.OutOfMemory full) {
      return Status.RESOURCE_EXHAUSTED
          .withDescription(where + ": " + full.getMessage())
          .asRuntimeException();
    }
    LOG.error("{}: internal error", where, e);
    return Status.INTERNAL.withDescription(where + ": internal error").asRuntimeException();
  }

  /**
   * Ends a call whose work has ended in an exception. Where the work's thread was interrupted
   * nobody waits for the call any more, unless it was because the server stops.
   */
  static void end(ServerCallStreamObserver<?> call, Throwable e, String where) {
    boolean interrupted =
        e instanceof InterruptedException
            || e instanceof CancellationException
            || Thread.currentThread().isInterrupted();
    if (!interrupted) {
      call.onError(toStatus(e, where));
      return;
    }
    Thread.currentThread().interrupt();
    if (!call.isCancelled()) {
      call.onError(
          toStatus(
              BadInputException.of(
                  BadInputException.Kind.UNAVAILABLE,
                  "server",
                  "one that runs; call again",
                  "one that stops")));
    }
  }

  private static StatusRuntimeException exhausted(String needed, String why) {
    return toStatus(
        new BadInputException(
            BadInputException.Kind.LIMIT,
            "server",
            needed,
            "none",
            "%s (expected: %s)".formatted(why, needed)));
  }

  static StatusRuntimeException toStatus(BadInputException e) {
    return StatusProto.toStatusRuntimeException(toProto(e));
  }

  private static com.google.rpc.Status toProto(BadInputException e) {
    return com.google.rpc.Status.newBuilder()
        .setCode(code(e.kind()).value())
        .setMessage(e.getMessage())
        .addDetails(Any.pack(badInput(e)))
        .build();
  }

  /**
   * Gives statuses that Armeria makes itself the details that ours have: a message over the limit
   * is the one that a client can mend.
   *
   * @param maxMessageBytes the limit
   */
  static GrpcExceptionHandlerFunction armeriaStatuses(int maxMessageBytes) {
    return (ctx, status, cause, metadata) -> {
      boolean ours = metadata.containsKey(DETAILS);
      if (status.getCode() != Status.Code.RESOURCE_EXHAUSTED || ours) {
        return status;
      }
      BadInputException refusal =
          BadInputException.of(
              BadInputException.Kind.LIMIT,
              "message",
              "at most %d bytes".formatted(maxMessageBytes),
              "a larger one");
      metadata.put(DETAILS, toProto(refusal).toByteArray());
      return status.withDescription(refusal.getMessage());
    };
  }

  static FrameRejected toRejection(BadInputException e) {
    return FrameRejected.newBuilder()
        .setCode(code(e.kind()).value())
        .setMessage(e.getMessage())
        .setBadInput(badInput(e))
        .build();
  }

  private static Status.Code code(BadInputException.Kind kind) {
    return switch (kind) {
      case INVALID -> Status.Code.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.Code.NOT_FOUND;
      case WRONG_MOMENT -> Status.Code.FAILED_PRECONDITION;
      case LIMIT -> Status.Code.RESOURCE_EXHAUSTED;
      case ALREADY_EXISTS -> Status.Code.ALREADY_EXISTS;
      case UNAVAILABLE -> Status.Code.UNAVAILABLE;
      case UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
      case FORBIDDEN -> Status.Code.PERMISSION_DENIED;
    };
  }

  private static BadInput badInput(BadInputException e) {
    return BadInput.newBuilder()
        .setField(e.field())
        .setExpected(e.expected())
        .setGot(e.got())
        .build();
  }
}
