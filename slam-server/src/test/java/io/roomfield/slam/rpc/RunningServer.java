package io.roomfield.slam.rpc;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.ServerConfig;
import io.roomfield.slam.config.TracingConfig;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.ingest.TestImages;
import io.roomfield.slam.session.FakeEngine;
import io.roomfield.slam.session.FakeEngines;
import io.roomfield.slam.telemetry.Tracing;
import io.roomfield.slam.v1.CameraIntrinsics;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.CreateSessionRequest;
import io.roomfield.slam.v1.DepthImage;
import io.roomfield.slam.v1.Frame;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamStart;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A server on a free port with fake engines, and a client's channel to it. */
final class RunningServer implements AutoCloseable {
  static final int EDGE = 16;
  static final int QUEUE_CAPACITY = 2;
  static final int MAX_SESSIONS = 2;
  static final int MAX_MESSAGE_BYTES = 1 << 16;

  private final FakeEngines engines = new FakeEngines();
  private final SlamServer server;
  private final ManagedChannel channel;

  RunningServer(Map<String, ?> options) throws IOException {
    this(options, Tracing.to(new TracingConfig("", 0)));
  }

  RunningServer(Map<String, ?> options, Tracing tracing) throws IOException {
    this(options, tracing, new IdleBackend());
  }

  RunningServer(Map<String, ?> options, Tracing tracing, ComputeBackend backend)
      throws IOException {
    server = SlamServer.listen(config(options), tracing);
    server.serve(backend, engines);
    channel = ManagedChannelBuilder.forAddress("127.0.0.1", port()).usePlaintext().build();
  }

  static ServerConfig config(Map<String, ?> options) throws IOException {
    Map<String, Object> all =
        new LinkedHashMap<>(
            Map.of(
                "port", 0,
                "keepSessions", false,
                "queueCapacity", QUEUE_CAPACITY,
                "maxSessions", MAX_SESSIONS,
                "maxMessageBytes", MAX_MESSAGE_BYTES));
    all.putAll(options);
    return ServerConfig.load(null, all);
  }

  int port() {
    return server.port();
  }

  ManagedChannel channel() {
    return channel;
  }

  SlamServiceGrpc.SlamServiceBlockingStub blocking() {
    return SlamServiceGrpc.newBlockingStub(channel);
  }

  SlamServiceGrpc.SlamServiceStub streaming() {
    return SlamServiceGrpc.newStub(channel);
  }

  /** Opens a session and returns its id. */
  String openSession() {
    return blocking().createSession(sessionRequest().build()).getSessionId();
  }

  /** The engine of the session opened last. */
  FakeEngine engine() {
    return engines.last();
  }

  /** A request that is fine. */
  static CreateSessionRequest.Builder sessionRequest() {
    return CreateSessionRequest.newBuilder()
        .setCamera(
            CameraIntrinsics.newBuilder()
                .setWidth(EDGE)
                .setHeight(EDGE)
                .setFx(10)
                .setFy(10)
                .setCx(8)
                .setCy(8))
        .setDepthScale(1000);
  }

  static StreamFramesRequest start(String sessionId) {
    return StreamFramesRequest.newBuilder()
        .setStart(StreamStart.newBuilder().setSessionId(sessionId))
        .build();
  }

  /** A frame that is fine: 2 m everywhere, 10 ns after the one before. */
  static StreamFramesRequest frame(long sequenceNumber) {
    return frame(sequenceNumber, sequenceNumber * 10, TestImages.raw(EDGE, EDGE, 2000));
  }

  static StreamFramesRequest frame(
      long sequenceNumber, long timestampNanos, RgbdFrame.EncodedImages images) {
    return StreamFramesRequest.newBuilder()
        .setFrame(
            Frame.newBuilder()
                .setSequenceNumber(sequenceNumber)
                .setTimestampNs(timestampNanos)
                .setColour(
                    ColourImage.newBuilder()
                        .setEncodingValue(images.colourEncoding())
                        .setData(ByteString.copyFrom(images.colour())))
                .setDepth(
                    DepthImage.newBuilder()
                        .setEncodingValue(images.depthEncoding())
                        .setData(ByteString.copyFrom(images.depth()))))
        .build();
  }

  /** Stops the server; what it tells meanwhile can still be heard. */
  void stop() {
    server.close();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }
}
