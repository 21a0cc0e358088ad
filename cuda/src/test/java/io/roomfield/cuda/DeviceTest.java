package io.roomfield.cuda;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What tests of the device share: a context and a stream, which are closed when the test is done.
 */
abstract class DeviceTest {
  CudaContext context;
  CudaStream stream;

  @BeforeEach
  void open() {
    EmulatedDriver.use();
    context = EmulatedDriver.open();
    stream = CudaStream.create(context, false);
  }

  @AfterEach
  void close() {
    if (stream != null) {
      stream.close();
    }
    if (context != null) {
      context.close();
    }
  }

  /** A buffer with these floats. */
  DeviceBuffer floats(String name, float... values) {
    DeviceBuffer buffer = DeviceBuffer.allocate(context, name, (long) values.length * Float.BYTES);
    buffer.upload(stream, values, 0, 0, values.length);
    return buffer;
  }
}
