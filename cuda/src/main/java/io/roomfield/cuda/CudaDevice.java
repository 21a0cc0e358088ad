package io.roomfield.cuda;

/**
 * A device that Roomfield's kernels can run on.
 *
 * @param ordinal number of the device, as {@code nvidia-smi} and CUDA_VISIBLE_DEVICES order them
 * @param name what the driver calls it
 * @param computeMajor compute capability before the point
 * @param computeMinor compute capability behind the point
 * @param memoryBytes memory of the device
 * @param multiprocessors number of streaming multiprocessors
 * @param sharedMemoryPerBlockOptin shared memory in bytes that a block may have when it asks for it
 * @param clockKilohertz highest clock of the multiprocessors
 * @param memoryClockKilohertz highest clock of the memory
 * @param memoryBusBits width of the memory's bus
 * @param emulated whether it is the emulated device of Roomfield's tests
 */
public record CudaDevice(
    int ordinal,
    String name,
    int computeMajor,
    int computeMinor,
    long memoryBytes,
    int multiprocessors,
    int sharedMemoryPerBlockOptin,
    int clockKilohertz,
    int memoryClockKilohertz,
    int memoryBusBits,
    boolean emulated) {
  /** Multiply-adds of a multiprocessor in a clock, by compute capability, where fewer than 128. */
  private static final int NARROW_LANES = 64;

  private static final int LANES = 128;

  /**
   * Returns the most that it can compute in float32, in gigaflops: multiprocessors, their lanes
   * (CUDA C++ Programming Guide, table of arithmetic throughput), two operations each, at the
   * highest clock. Calculated, not measured.
   */
  public double peakGigaflops() {
    boolean narrow = computeMajor == 7 || (computeMajor == 8 && computeMinor == 0);
    double perClock = 2.0 * multiprocessors * (narrow ? NARROW_LANES : LANES);
    return perClock * clockKilohertz / 1e6;
  }

  /** Returns the device in words: "NVIDIA GeForce RTX 4090 (compute capability 8.9, 25.4 GB)". */
  @Override
  public String toString() {
    return "%s (compute capability %d.%d, %s)"
        .formatted(name, computeMajor, computeMinor, Calls.size(memoryBytes));
  }
}
