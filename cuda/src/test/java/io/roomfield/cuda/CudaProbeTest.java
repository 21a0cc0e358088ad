package io.roomfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaProbeTest {
  @Test
  void findsADevice() {
    EmulatedDriver.use();
    CudaProbe probe = CudaProbe.run();
    assertThat(probe.reason()).isEmpty();
    CudaDevice device = probe.devices().getFirst();
    assertThat(device.name()).isNotBlank().doesNotContain("\0");
    assertThat(device.emulated()).isEqualTo(!EmulatedDriver.isReal());
    assertThat(10 * device.computeMajor() + device.computeMinor()).isGreaterThanOrEqualTo(75);
    assertThat(device.memoryBytes()).isGreaterThan(1 << 30);
    assertThat(device.multiprocessors()).isPositive();
    assertThat(device.sharedMemoryPerBlockOptin()).isGreaterThanOrEqualTo(64 * 1024);
    assertThat(device.clockKilohertz()).isPositive();
    assertThat(device.memoryClockKilohertz()).isPositive();
    assertThat(device.memoryBusBits()).isPositive();
  }

  @Test
  void numbersSeveralDevices() {
    useEmulated();
    EmulatedDriver.setDeviceCount(3);
    assertThat(CudaProbe.run().devices()).extracting(CudaDevice::ordinal).containsExactly(0, 1, 2);
  }

  @Test
  void saysThatThereIsNoDevice() {
    useEmulated();
    EmulatedDriver.setDeviceCount(0);
    assertThat(CudaProbe.run())
        .isEqualTo(new CudaProbe(List.of(), "the NVIDIA driver finds no CUDA device"));
  }

  @Test
  void saysWhatInitialisationFailedWith() {
    useEmulated();
    EmulatedDriver.fail("cuInit", CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, 0);
    CudaProbe probe = CudaProbe.run();
    assertThat(probe.devices()).isEmpty();
    assertThat(probe.reason()).startsWith("cuInit: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (");
  }

  @Test
  void saysThatTheDriverIsTooOld() {
    useEmulated();
    EmulatedDriver.setDriverVersion(11_040);
    assertThat(CudaProbe.run().reason())
        .contains("driver is too old", "for CUDA 11.4 (expected: CUDA 12.0 or newer");
  }

  @Test
  void saysThatTheDeviceIsTooOld() {
    useEmulated();
    EmulatedDriver.setComputeCapability(6, 1);
    assertThat(CudaProbe.run().reason())
        .contains("compute capability 6.1", "too old (expected: compute capability 7.5 or newer)");
  }

  @Test
  void machineCodeNeedsADriverOfItsMajorVersionAndPortableCodeTheCompilersOwn() {
    Properties properties = new Properties();
    properties.setProperty("cuda", "13.1");
    properties.setProperty("ptx", "75");
    properties.setProperty("sass", "75,86");
    KernelImage image = KernelImage.of(properties);
    assertThat(image.objection(device(8, 9), 13_000)).isEmpty();
    assertThat(image.objection(device(8, 6), 12_080).orElseThrow())
        .contains("CUDA 12.8 (expected: CUDA 13.0 or newer, as the kernels were built with CUDA");
    assertThat(image.objection(device(12, 0), 13_000).orElseThrow())
        .contains("CUDA 13.0 (expected: CUDA 13.1 or newer");
    assertThat(image.objection(device(12, 0), 13_010)).isEmpty();
    assertThat(image.objection(device(8, 0), 13_000)).as("86 does not run on 80").isPresent();
  }

  @Test
  void saysThatThereIsNoDriver(@TempDir Path folder) throws IOException, InterruptedException {
    assumeTrue(!EmulatedDriver.isReal(), "this machine has a driver");
    assertThat(probeInAnotherProcess(folder))
        .satisfiesAnyOf(
            said -> assertThat(said).isEqualTo("no NVIDIA driver: libcuda.so.1 was not found"),
            said -> assertThat(said).contains("no native library for this platform"),
            // On a machine with a driver the process finds that.
            said -> assertThat(said).isEqualTo("found"));
  }

  private static void useEmulated() {
    EmulatedDriver.assumeEmulated();
    EmulatedDriver.use();
  }

  /** A process without the emulated driver; what it says, errors and all. */
  private static String probeInAnotherProcess(Path folder)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return said.strip();
  }

  private static CudaDevice device(int major, int minor) {
    return new CudaDevice(0, "device", major, minor, 1L << 32, 1, 1, 1, 1, 1, false);
  }

  /** Says what a process finds. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      CudaProbe probe = CudaProbe.run();
      System.out.println(probe.devices().isEmpty() ? probe.reason() : "found");
    }
  }
}
