package io.roomfield.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * What this process can compute on: its usable CUDA devices, or why there is none.
 *
 * @param devices the devices that the kernels of this build run on, by ordinal
 * @param reason why there is none, in words; empty if there is one
 */
public record CudaProbe(List<CudaDevice> devices, String reason) {
  private static final String EMULATED_NAME = "Emulated device";
  private static final int NAME_BYTES = 256;

  /** Copies the list. */
  public CudaProbe {
    devices = List.copyOf(devices);
  }

  /** Looks for devices; never throws, and says why there is none instead. */
  public static CudaProbe run() {
    Optional<String> problem = DriverLibrary.load();
    if (problem.isPresent()) {
      return none(problem.get());
    }
    try {
      int initialised = JCudaDriver.cuInit(0);
      if (initialised == CUresult.CUDA_ERROR_NO_DEVICE) {
        return none("the NVIDIA driver finds no CUDA device");
      }
      Calls.check(initialised, () -> "cuInit");
      return usable();
    } catch (CudaException e) {
      return none(e.getMessage());
    } catch (LinkageError e) {
      return none("the NVIDIA driver lacks a function that JCuda needs: " + e.getMessage());
    }
  }

  private static CudaProbe usable() {
    int[] version = new int[1];
    int[] count = new int[1];
    Calls.check(JCudaDriver.cuDriverGetVersion(version), () -> "cuDriverGetVersion");
    Calls.check(JCudaDriver.cuDeviceGetCount(count), () -> "cuDeviceGetCount");
    if (count[0] == 0) {
      return none("the NVIDIA driver finds no CUDA device");
    }
    Optional<KernelImage> image = KernelImage.ofBuild();
    List<CudaDevice> devices = new ArrayList<>();
    List<String> objections = new ArrayList<>();
    for (int ordinal = 0; ordinal < count[0]; ordinal++) {
      CudaDevice device = device(ordinal);
      objection(image, device, version[0])
          .ifPresentOrElse(objections::add, () -> devices.add(device));
    }
    return new CudaProbe(devices, devices.isEmpty() ? String.join("; ", objections) : "");
  }

  private static Optional<String> objection(
      Optional<KernelImage> image, CudaDevice device, int driverVersion) {
    if (device.emulated()) {
      return KernelImage.EMULATED.objection(device, driverVersion);
    }
    return image.isPresent()
        ? image.get().objection(device, driverVersion)
        : Optional.of(
            "this build has no CUDA kernels for %s, as nvcc was not there"
                .formatted(device.name()));
  }

  private static CudaDevice device(int ordinal) {
    CUdevice device = handle(ordinal);
    byte[] name = new byte[NAME_BYTES];
    Calls.check(
        JCudaDriver.cuDeviceGetName(name, NAME_BYTES, device),
        () -> "cuDeviceGetName of device " + ordinal);
    long[] memory = new long[1];
    Calls.check(
        JCudaDriver.cuDeviceTotalMem(memory, device),
        () -> "cuDeviceTotalMem of device " + ordinal);
    String words = new String(name, StandardCharsets.UTF_8);
    int end = words.indexOf('\0');
    words = end < 0 ? words : words.substring(0, end);
    return new CudaDevice(
        ordinal,
        words,
        attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
        memory[0],
        attribute(device, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
        attribute(device, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
        attribute(device, CU_DEVICE_ATTRIBUTE_CLOCK_RATE),
        attribute(device, CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE),
        attribute(device, CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH),
        words.startsWith(EMULATED_NAME));
  }

  static CUdevice handle(int ordinal) {
    CUdevice device = new CUdevice();
    Calls.check(JCudaDriver.cuDeviceGet(device, ordinal), () -> "cuDeviceGet of device " + ordinal);
    return device;
  }

  private static int attribute(CUdevice device, int attribute) {
    int[] value = new int[1];
    Calls.check(
        JCudaDriver.cuDeviceGetAttribute(value, attribute, device),
        () -> "cuDeviceGetAttribute " + attribute);
    return value[0];
  }

  private static CudaProbe none(String reason) {
    return new CudaProbe(List.of(), reason);
  }
}
