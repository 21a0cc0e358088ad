package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.v1.ExtractMeshResponse;
import io.roomfield.slam.v1.ExtractMeshResponse.MessageCase;
import io.roomfield.slam.v1.MeshChunk;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class MeshStreamTest {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final RecordedCall<ExtractMeshResponse> call = new RecordedCall<>();

  @AfterEach
  void stopThread() {
    executor.close();
  }

  @Test
  void meshArrivesWholeInMessagesOfAtMostOneMebibyte() {
    TriangleMesh mesh = mesh(100_000, 200_000);
    call.read(1000);

    MeshStream.open(progress -> mesh, call, executor);

    assertThat(call.end()).isNull();
    List<ExtractMeshResponse> messages = call.sent();
    assertThat(messages.getFirst().getHeader().getVertices()).isEqualTo(100_000);
    assertThat(messages.getFirst().getHeader().getFaces()).isEqualTo(200_000);
    assertThat(messages)
        .allMatch(m -> m.getSerializedSize() <= MeshMessages.MAX_MESSAGE_BYTES)
        .hasSizeGreaterThan(5); // 2.7 MB of vertices and 2.4 MB of faces
    TriangleMesh received = received(messages);
    assertThat(Arrays.equals(received.positions(), mesh.positions())).isTrue();
    assertThat(Arrays.equals(received.normals(), mesh.normals())).isTrue();
    assertThat(Arrays.equals(received.colours(), mesh.colours())).isTrue();
    assertThat(Arrays.equals(received.faces(), mesh.faces())).isTrue();
  }

  @Test
  void meshWithoutColoursOrTrianglesIsFine() {
    call.read(1000);

    MeshStream.open(
        progress -> new TriangleMesh(new float[0], new float[0], null, new int[0]), call, executor);

    assertThat(call.end()).isNull();
    assertThat(call.sent()).hasSize(1);
    assertThat(call.sent().getFirst().getHeader().getFaces()).isZero();
  }

  @Test
  void progressIsToldInSteps() {
    call.read(1000);

    MeshStream.open(
        progress -> {
          for (int i = 0; i <= 10_000; i++) {
            progress.accept(i / 10_000.0);
          }
          return mesh(3, 1);
        },
        call,
        executor);

    assertThat(call.end()).isNull();
    List<Double> fractions =
        call.sent().stream()
            .filter(m -> m.getMessageCase() == MessageCase.PROGRESS)
            .map(m -> m.getProgress().getFraction())
            .toList();
    assertThat(fractions).isSorted().startsWith(0.0).hasSizeBetween(90, 101);
  }

  @Test
  void waitsForTheReader() {
    MeshStream.open(progress -> mesh(3, 1), call, executor);

    for (int i = 0; i < 3; i++) { // header, vertices, faces
      call.read(1);
    }

    assertThat(call.end()).isNull();
    assertThat(call.sent()).hasSize(3);
  }

  @Test
  void cancellingInterruptsTheWork() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    MeshStream.open(
        progress -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw (CancellationException) new CancellationException().initCause(e);
          }
          throw new AssertionError("not reached");
        },
        call,
        executor);
    begun.await();

    call.cancel();

    interrupted.await();
    executor.close();
    assertThat(call.sent()).isEmpty();
    assertThat(call.hasEnded()).isFalse();
  }

  @Test
  void failureIsInternalAndKeepsItsParticulars() {
    MeshStream.open(
        progress -> {
          throw new IllegalStateException("/srv/secret");
        },
        call,
        executor);

    Status status = Status.fromThrowable(call.end());
    assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getDescription()).isEqualTo("ExtractMesh: internal error");
  }

  private static TriangleMesh mesh(int vertices, int faces) {
    Random random = new Random(5);
    float[] positions = new float[3 * vertices];
    float[] normals = new float[3 * vertices];
    byte[] colours = new byte[3 * vertices];
    int[] indices = new int[3 * faces];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = random.nextFloat();
      normals[i] = random.nextFloat();
    }
    random.nextBytes(colours);
    for (int i = 0; i < indices.length; i++) {
      indices[i] = random.nextInt(vertices);
    }
    return new TriangleMesh(positions, normals, colours, indices);
  }

  private static TriangleMesh received(List<ExtractMeshResponse> messages) {
    MeshChunk.Builder all = MeshChunk.newBuilder();
    for (ExtractMeshResponse message : messages) {
      MeshChunk chunk = message.getChunk();
      all.setPositions(all.getPositions().concat(chunk.getPositions()))
          .setNormals(all.getNormals().concat(chunk.getNormals()))
          .setColours(all.getColours().concat(chunk.getColours()))
          .setFaces(all.getFaces().concat(chunk.getFaces()));
    }
    float[] positions = new float[all.getPositions().size() / Float.BYTES];
    float[] normals = new float[all.getNormals().size() / Float.BYTES];
    int[] faces = new int[all.getFaces().size() / Integer.BYTES];
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    all.getPositions().asReadOnlyByteBuffer().order(order).asFloatBuffer().get(positions);
    all.getNormals().asReadOnlyByteBuffer().order(order).asFloatBuffer().get(normals);
    all.getFaces().asReadOnlyByteBuffer().order(order).asIntBuffer().get(faces);
    return new TriangleMesh(positions, normals, all.getColours().toByteArray(), faces);
  }
}
