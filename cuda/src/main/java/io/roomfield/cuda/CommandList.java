package io.roomfield.cuda;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Launches, fills and copies of page-locked memory, written down in the order in which a stream is
 * to be given them. What is written down is known by its {@link #signature}, so that work that
 * comes again may be given as the {@link CudaGraph} of the first time.
 */
public final class CommandList {
  private static final int FIRST_BYTES = 1 << 13;

  /**
   * @param kernel that is launched; null for what is no launch
   */
  private record Command(String kernel, Consumer<CudaStream> give) {}

  private final List<Command> commands = new ArrayList<>();

  /** By launch, used again after {@link #clear}. */
  private final List<Arguments> arguments = new ArrayList<>();

  private int launches;
  private ByteBuffer signature = ByteBuffer.allocate(FIRST_BYTES);

  /** Forgets everything. */
  public void clear() {
    commands.clear();
    launches = 0;
    signature.clear();
  }

  /** Returns the parameters of the next launch, none so far. */
  public Arguments arguments() {
    if (launches == arguments.size()) {
      arguments.add(new Arguments());
    }
    return arguments.get(launches).reset();
  }

  /** Adds a launch with what {@link #arguments} was last filled with. */
  public void launch(Kernel kernel, Grid grid) {
    Arguments with = arguments.get(launches++);
    commands.add(new Command(kernel.name(), stream -> kernel.launch(stream, grid, with)));
    byte[] name = kernel.name().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer values = with.values();
    int[] numbers = {
      grid.blocksX(), grid.blocksY(), grid.threads(), grid.sharedBytes(), values.remaining()
    };
    sign('L', name.length + numbers.length * Integer.BYTES + values.remaining());
    signature.put(name);
    for (int number : numbers) {
      signature.putInt(number);
    }
    signature.put(values);
  }

  /** Adds {@link DeviceBuffer#fill(CudaStream, int, long, long)}. */
  public void fill(DeviceBuffer buffer, int value, long from, long count) {
    add(stream -> buffer.fill(stream, value, from, count));
    sign('F', buffer.pointer(), value, from, count);
  }

  /** Adds a copy of the first bytes of page-locked memory to the beginning of a buffer. */
  public void upload(PinnedBuffer source, DeviceBuffer destination, long bytes) {
    add(stream -> source.upload(stream, destination, 0, 0, bytes));
    sign('U', source.segment().address(), destination.pointer(), bytes);
  }

  /** Adds a copy of the first bytes of a buffer to the beginning of page-locked memory. */
  public void download(DeviceBuffer source, PinnedBuffer destination, long bytes) {
    add(stream -> destination.download(stream, source, 0, 0, bytes));
    sign('D', source.pointer(), destination.segment().address(), bytes);
  }

  private void add(Consumer<CudaStream> give) {
    commands.add(new Command(null, give));
  }

  private void sign(char command, long... numbers) {
    sign(command, numbers.length * Long.BYTES);
    for (long number : numbers) {
      signature.putLong(number);
    }
  }

  /** Begins a command of so many bytes. */
  private void sign(char command, int bytes) {
    int needed = Character.BYTES + Integer.BYTES + bytes;
    if (signature.remaining() < needed) {
      ByteBuffer larger = ByteBuffer.allocate(2 * (signature.position() + needed));
      signature = larger.put(signature.flip());
    }
    signature.putChar(command).putInt(bytes);
  }

  /**
   * Returns the kernels, sizes, parameters and addresses of all commands: lists of which it is
   * equal do the same work on the same memory. A view, until something is added.
   */
  public ByteBuffer signature() {
    return signature.duplicate().flip();
  }

  /**
   * Gives all commands to a stream, one after the other.
   *
   * @throws CudaException if the driver refuses one
   */
  public void giveTo(CudaStream stream) {
    giveTo(stream, (kernel, launch) -> launch.run());
  }

  /**
   * Gives all commands to a stream.
   *
   * @param launches what makes a launch, of a kernel by its name, at its turn
   * @throws CudaException if the driver refuses one
   */
  public void giveTo(CudaStream stream, BiConsumer<String, Runnable> launches) {
    for (Command command : commands) {
      if (command.kernel == null) {
        command.give.accept(stream);
      } else {
        launches.accept(command.kernel, () -> command.give.accept(stream));
      }
    }
  }
}
