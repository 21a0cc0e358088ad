package io.roomfield.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * What the build compiled the kernels for, as {@code cuda/build/kernels.sh} notes it beside the fat
 * binary.
 *
 * @param cudaMajor version of the compiler's toolkit before the point
 * @param cudaMinor version of the compiler's toolkit behind the point
 * @param machineCode compute capabilities with machine code, as 86 for 8.6
 * @param portableCode compute capability of the portable code (PTX), the floor of all devices
 */
record KernelImage(int cudaMajor, int cudaMinor, List<Integer> machineCode, int portableCode) {
  static final String RESOURCE = "/io/roomfield/cuda/kernels.fatbin";
  private static final String PROPERTIES = "/io/roomfield/cuda/kernels.properties";

  /** What an emulated device is asked for; its kernels are compiled into the emulated driver. */
  static final KernelImage EMULATED = new KernelImage(12, 0, List.of(), 75);

  /** Returns what the kernels of this build need; nothing if it has none. */
  static Optional<KernelImage> ofBuild() {
    try (InputStream in = KernelImage.class.getResourceAsStream(PROPERTIES)) {
      if (in == null || KernelImage.class.getResource(RESOURCE) == null) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      properties.load(in);
      return Optional.of(of(properties));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + PROPERTIES, e);
    }
  }

  static KernelImage of(Properties properties) {
    String[] version = properties.getProperty("cuda").split("\\.", -1);
    return new KernelImage(
        Integer.parseInt(version[0]),
        Integer.parseInt(version[1]),
        Arrays.stream(properties.getProperty("sass").split(",", -1)).map(Integer::valueOf).toList(),
        Integer.parseInt(properties.getProperty("ptx")));
  }

  /**
   * Says in words why these kernels cannot run on a device; nothing if they can.
   *
   * <p>Machine code needs a driver of the compiler's major version (CUDA's minor version
   * compatibility), portable code one that is no older than the compiler.
   *
   * @param driverVersion what {@code cuDriverGetVersion} tells: 1000 major + 10 minor
   */
  Optional<String> objection(CudaDevice device, int driverVersion) {
    int capability = 10 * device.computeMajor() + device.computeMinor();
    if (capability < portableCode) {
      return Optional.of(
          "%s is too old (expected: compute capability %d.%d or newer)"
              .formatted(device, portableCode / 10, portableCode % 10));
    }
    int neededMinor = hasMachineCode(capability) ? 0 : cudaMinor;
    if (driverVersion < 1000 * cudaMajor + 10 * neededMinor) {
      return Optional.of(
          "the NVIDIA driver is too old for %s: it is for CUDA %s (expected: CUDA %d.%d or newer, as the kernels were built with CUDA %d.%d)"
              .formatted(
                  device.name(),
                  versionInWords(driverVersion),
                  cudaMajor,
                  neededMinor,
                  cudaMajor,
                  cudaMinor));
    }
    return Optional.empty();
  }

  /** Machine code runs on the capability it was made for and on later ones of the same major. */
  private boolean hasMachineCode(int capability) {
    return machineCode.stream().anyMatch(c -> c / 10 == capability / 10 && c <= capability);
  }

  static String versionInWords(int driverVersion) {
    return driverVersion / 1000 + "." + driverVersion % 1000 / 10;
  }
}
