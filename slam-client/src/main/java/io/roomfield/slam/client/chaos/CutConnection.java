package io.roomfield.slam.client.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A way to a server that breaks off after so many bytes, in the middle of whatever is being sent.
 */
final class CutConnection implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 12;

  private final ServerSocket front = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final int port;
  private final long bytes;

  /**
   * @param hostAndPort of the server, on this machine
   * @param bytes that pass
   */
  CutConnection(String hostAndPort, long bytes) throws IOException {
    port = Integer.parseInt(hostAndPort.substring(hostAndPort.lastIndexOf(':') + 1));
    this.bytes = bytes;
    Thread.ofVirtual().start(this::pass);
  }

  /** Where a client reaches the server through this. */
  String hostAndPort() {
    return "localhost:" + front.getLocalPort();
  }

  private void pass() {
    try (Socket client = front.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Thread.ofVirtual().start(() -> answers(server, client));
      InputStream in = client.getInputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      long left = bytes;
      int read = in.read(buffer);
      while (read > 0 && left > 0) {
        server.getOutputStream().write(buffer, 0, (int) Math.min(read, left));
        left -= read;
        read = in.read(buffer);
      }
      front.close(); // nobody comes through a second time
    } catch (IOException e) {
      // One of the two has gone first, which is as good.
    }
  }

  private static void answers(Socket server, Socket client) {
    try {
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // Cut.
    }
  }

  @Override
  public void close() throws IOException {
    front.close();
  }
}
