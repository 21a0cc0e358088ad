package io.roomfield.slam;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Lets the heap's soft limit follow the maps. Below the limit the collector keeps the heap small;
 * once what is alive comes near it, it would collect without end, on processors that tracking
 * needs.
 */
final class SoftHeapLimit {
  private static final String OPTION = "SoftMaxHeapSize";

  /** The collector needs so much of what is alive. */
  private static final double ROOM = 1.5;

  /** ZGC's collector of the whole heap, the only one that tells what is alive. */
  private static final String WHOLE_HEAP = "ZGC Major Cycles";

  private SoftHeapLimit() {}

  /** Follows from now on, where the virtual machine collects with ZGC; otherwise does nothing. */
  static void follow() {
    HotSpotDiagnosticMXBean machine =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long least = Long.parseLong(machine.getVMOption(OPTION).getValue());
    long most = Runtime.getRuntime().maxMemory();
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector.getName().equals(WHOLE_HEAP) && collector instanceof NotificationEmitter e) {
        e.addNotificationListener(
            (notification, handback) ->
                machine.setVMOption(
                    OPTION,
                    Long.toString(
                        limit(alive((CompositeData) notification.getUserData()), least, most))),
            null,
            null);
      }
    }
  }

  private static long alive(CompositeData collection) {
    return GarbageCollectionNotificationInfo.from(collection)
        .getGcInfo()
        .getMemoryUsageAfterGc()
        .values()
        .stream()
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }

  /**
   * The limit for so many bytes alive.
   *
   * @param least what the server was started with
   * @param most the heap's hard limit
   */
  static long limit(long alive, long least, long most) {
    return Math.clamp((long) (ROOM * alive), Math.min(least, most), most);
  }
}
