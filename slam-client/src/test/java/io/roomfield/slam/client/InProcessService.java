package io.roomfield.slam.client;

import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A {@link FakeSlamService} and a client of it, without a network; one thread does everything. */
public final class InProcessService implements AutoCloseable {
  private final FakeSlamService service = new FakeSlamService();
  private final Server server;
  private final SlamClient client;

  public InProcessService() {
    String name = InProcessServerBuilder.generateName();
    try {
      server =
          InProcessServerBuilder.forName(name).directExecutor().addService(service).build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client = new SlamClient(InProcessChannelBuilder.forName(name).directExecutor().build());
  }

  public FakeSlamService service() {
    return service;
  }

  public SlamClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    server.shutdownNow();
  }
}
