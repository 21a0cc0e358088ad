package io.roomfield.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The emulated CUDA driver of the tests: one for the process, loaded before JCuda asks for
 * libcuda.so.1, so that the dynamic linker takes it for that.
 *
 * <p>With {@code -Droomfield.cuda.real=true} nothing is loaded and tests run on the machine's own
 * driver; those that need what only the emulated one can do are skipped.
 */
@SuppressWarnings("restricted")
public final class EmulatedDriver {
  private static final Path LIBRARY = Path.of(System.getProperty("roomfield.emulator", "unknown"));
  private static final Map<String, MethodHandle> FUNCTIONS = new HashMap<>();
  private static boolean loaded;

  private EmulatedDriver() {}

  /**
   * Gives a test a device: the emulated driver as it is at first, or the machine's own if that is
   * wanted. Skips the test on platforms that the emulated one is not for.
   *
   * @throws IllegalStateException if the driver that should be there is not
   */
  public static synchronized void use() {
    if (isReal()) {
      CudaProbe probe = CudaProbe.run();
      if (probe.devices().isEmpty()) {
        throw new IllegalStateException("roomfield.cuda.real: " + probe.reason());
      }
      return;
    }
    assumeTrue(isPlatform(), "the emulated driver is for Linux on x86-64");
    if (!loaded) {
      if (!Files.isReadable(LIBRARY)) {
        throw new IllegalStateException(
            "no emulated driver at "
                + LIBRARY
                + " (expected: what cuda/src/test/emulator/build.sh builds, named by the system"
                + " property roomfield.emulator)");
      }
      System.load(LIBRARY.toAbsolutePath().toString());
      loaded = true;
    }
    reset();
  }

  /** Skips a test that orders what a real driver does not do. */
  public static void assumeEmulated() {
    assumeFalse(isReal(), "a real driver takes no orders for errors, sizes and versions");
  }

  /** Returns whether tests run on the machine's own driver. */
  public static boolean isReal() {
    return Boolean.getBoolean("roomfield.cuda.real");
  }

  /** Opens the first device, after {@link #use()}. */
  public static CudaContext open() {
    CudaProbe probe = CudaProbe.run();
    if (probe.devices().isEmpty()) {
      throw new IllegalStateException(probe.reason());
    }
    return CudaContext.open(probe.devices().getFirst());
  }

  /** Makes the driver anew: its settings those at first, nothing allocated, nothing counted. */
  public static void reset() {
    call("emulator_reset", FunctionDescriptor.ofVoid());
  }

  /** Sets in what order the threads of a block run. */
  public static void setSeed(long seed) {
    call("emulator_set_seed", FunctionDescriptor.ofVoid(JAVA_LONG), seed);
  }

  /** Sets the memory of every device, in bytes. */
  public static void setMemory(long bytes) {
    call("emulator_set_memory", FunctionDescriptor.ofVoid(JAVA_LONG), bytes);
  }

  /** Sets the compute capability of every device. */
  public static void setComputeCapability(int major, int minor) {
    call(
        "emulator_set_compute_capability",
        FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT),
        major,
        minor);
  }

  /** Sets how many devices there are. */
  public static void setDeviceCount(int count) {
    call("emulator_set_device_count", FunctionDescriptor.ofVoid(JAVA_INT), count);
  }

  /** Sets the driver's version: 1000 major + 10 minor. */
  public static void setDriverVersion(int version) {
    call("emulator_set_driver_version", FunctionDescriptor.ofVoid(JAVA_INT), version);
  }

  /**
   * Makes a call of the driver fail once.
   *
   * @param name the driver's function, as "cuMemAlloc_v2"
   * @param error what it returns then
   * @param after how many calls go well before
   */
  public static void fail(String name, int error, int after) {
    try (Arena arena = Arena.ofConfined()) {
      call(
          "emulator_fail",
          FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT),
          arena.allocateFrom(name),
          error,
          after);
    }
  }

  /** Returns how many pieces of memory, of the device and page-locked, nobody has freed. */
  public static long liveAllocations() {
    return number("emulator_live_allocations");
  }

  /** Returns how many bytes of memory nobody has freed. */
  public static long liveBytes() {
    return number("emulator_live_bytes");
  }

  /** Returns how many objects were left in contexts that ended. */
  public static long leaks() {
    return number("emulator_leaks");
  }

  /** Returns how many kernels ran. */
  public static long launches() {
    return number("emulator_launches");
  }

  /** Returns how many bytes were copied. */
  public static long copiedBytes(Direction direction) {
    return (long)
        call("emulator_copied_bytes", FunctionDescriptor.of(JAVA_LONG, JAVA_INT), direction.number);
  }

  /** Returns what the last kernel or call did wrong, in words; empty if none did. */
  public static String lastFailure() {
    MemorySegment words =
        (MemorySegment)
            call(
                "emulator_last_failure",
                FunctionDescriptor.of(
                    ADDRESS.withTargetLayout(
                        MemoryLayout.sequenceLayout(Short.MAX_VALUE, JAVA_BYTE))));
    return words.address() == 0 ? "" : words.getString(0);
  }

  private static boolean isPlatform() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  private static long number(String name) {
    return (long) call(name, FunctionDescriptor.of(JAVA_LONG));
  }

  private static synchronized Object call(
      String name, FunctionDescriptor signature, Object... arguments) {
    MethodHandle function =
        FUNCTIONS.computeIfAbsent(
            name,
            n ->
                Linker.nativeLinker()
                    .downcallHandle(
                        SymbolLookup.libraryLookup(LIBRARY, Arena.global()).findOrThrow(n),
                        signature));
    try {
      return function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(name + " failed", e);
    }
  }

  /** Which way a copy goes. */
  public enum Direction {
    /** From the host to the device. */
    HOST_TO_DEVICE(0),
    /** From the device to the host. */
    DEVICE_TO_HOST(1),
    /** From the device to the device. */
    DEVICE_TO_DEVICE(2);

    private final int number;

    Direction(int number) {
      this.number = number;
    }
  }
}
