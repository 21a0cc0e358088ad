package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.roomfield.slam.v1.BadInput;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Checks that a call is refused as the API says: a status, and BadInput in its details. */
final class Refusals {
  private Refusals() {}

  static void assertRefused(ThrowingCallable call, Status.Code code, String field) {
    assertRefusal(catchThrowable(call), code, field);
  }

  static BadInput assertRefusal(Throwable thrown, Status.Code code, String field) {
    com.google.rpc.Status status = StatusProto.fromThrowable(thrown);
    assertThat(status).as("status of %s", thrown).isNotNull();
    assertThat(Status.fromThrowable(thrown).getCode()).as(thrown.getMessage()).isEqualTo(code);
    assertThat(status.getDetailsList()).as("details of %s", thrown).hasSize(1);
    try {
      BadInput badInput = status.getDetails(0).unpack(BadInput.class);
      assertThat(badInput.getField()).isEqualTo(field);
      assertThat(badInput.getExpected()).isNotEmpty();
      assertThat(badInput.getGot()).isNotEmpty();
      return badInput;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
