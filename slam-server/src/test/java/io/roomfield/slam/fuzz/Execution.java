package io.roomfield.slam.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What one reading of foreign bytes may do: end, or be refused with one of the documented
 * exceptions and a message; and allocate only so much on Java's heap.
 *
 * @param maxAllocatedBytes of one reading
 * @param refusals the documented exceptions
 */
public record Execution(long maxAllocatedBytes, List<Class<? extends Exception>> refusals) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Reads foreign bytes. */
  @FunctionalInterface
  public interface Reading {
    void run() throws Exception;
  }

  /**
   * Runs a reading.
   *
   * @throws AssertionError if it fails otherwise than documented, or allocates too much
   */
  public void run(Reading reading) {
    if (allocatedBy(reading) > maxAllocatedBytes) {
      // Once more: the first time classes may have been loaded, and instrumented.
      long again = allocatedBy(reading);
      if (again > maxAllocatedBytes) {
        throw new AssertionError(
            "%d bytes allocated (expected: at most %d)".formatted(again, maxAllocatedBytes));
      }
    }
  }

  private long allocatedBy(Reading reading) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      reading.run();
    } catch (Exception e) {
      checkRefusal(e);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private void checkRefusal(Exception e) {
    if (refusals.stream().noneMatch(refusal -> refusal.isInstance(e))) {
      throw new AssertionError("%s (expected: one of %s)".formatted(e, refusals), e);
    }
    String message = e.getMessage();
    // "null", or "FILE: null", is what an exception says that nobody made for a reader.
    if (message == null || message.isBlank() || message.endsWith(": null")) {
      throw new AssertionError("refused with '%s' (expected: a reason)".formatted(message), e);
    }
  }
}
