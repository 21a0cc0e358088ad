// The functions of NVIDIA's driver that the emulated one has, under the names that JCuda binds.
#pragma once

#include "cuda_types.h"

// Makes a function one that the library exports.
#define DRIVER_API extern "C" __attribute__((visibility("default")))

// The driver and its devices.
DRIVER_API CUresult cuInit(unsigned flags);
DRIVER_API CUresult cuDriverGetVersion(int* version);
DRIVER_API CUresult cuDeviceGetCount(int* count);
DRIVER_API CUresult cuDeviceGet(CUdevice* device, int ordinal);
DRIVER_API CUresult cuDeviceGetName(char* name, int length, CUdevice device);
DRIVER_API CUresult cuDeviceGetUuid(CUuuid* uuid, CUdevice device);
DRIVER_API CUresult cuDeviceGetAttribute(int* value, CUdevice_attribute attribute, CUdevice device);
DRIVER_API CUresult cuDeviceComputeCapability(int* major, int* minor, CUdevice device);
DRIVER_API CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device);
DRIVER_API CUresult cuGetErrorName(CUresult result, const char** text);
DRIVER_API CUresult cuGetErrorString(CUresult result, const char** text);

// Contexts.
DRIVER_API CUresult cuCtxCreate_v2(CUcontext* context, unsigned flags, CUdevice device);
DRIVER_API CUresult cuCtxDestroy_v2(CUcontext handle);
DRIVER_API CUresult cuCtxSetCurrent(CUcontext context);
DRIVER_API CUresult cuCtxGetCurrent(CUcontext* context);
DRIVER_API CUresult cuCtxPushCurrent_v2(CUcontext context);
DRIVER_API CUresult cuCtxPopCurrent_v2(CUcontext* context);
DRIVER_API CUresult cuCtxGetDevice(CUdevice* device);
DRIVER_API CUresult cuCtxGetFlags(unsigned* flags);
DRIVER_API CUresult cuCtxSynchronize();
DRIVER_API CUresult cuCtxGetStreamPriorityRange(int* least, int* greatest);
DRIVER_API CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device);
DRIVER_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device);
DRIVER_API CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned* flags, int* active);

// Memory.
DRIVER_API CUresult cuMemGetInfo_v2(size_t* free, size_t* total);
DRIVER_API CUresult cuMemAlloc_v2(CUdeviceptr* start, size_t bytes);
DRIVER_API CUresult cuMemFree_v2(CUdeviceptr start);
DRIVER_API CUresult cuMemAllocHost_v2(void** start, size_t bytes);
DRIVER_API CUresult cuMemHostAlloc(void** start, size_t bytes, unsigned);
DRIVER_API CUresult cuMemFreeHost(void* start);
DRIVER_API CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr* device, void* host, unsigned);
DRIVER_API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t bytes);
DRIVER_API CUresult cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t bytes);
DRIVER_API CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes);
DRIVER_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, CUstream stream);
DRIVER_API CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, CUstream stream);
DRIVER_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream);
DRIVER_API CUresult cuMemsetD8_v2(CUdeviceptr to, unsigned char value, size_t count);
DRIVER_API CUresult cuMemsetD32_v2(CUdeviceptr to, unsigned value, size_t count);
DRIVER_API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t count, CUstream stream);
DRIVER_API CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t count, CUstream stream);

// Streams, events, captures and graphs.
DRIVER_API CUresult cuStreamCreate(CUstream* stream, unsigned flags);
DRIVER_API CUresult cuStreamCreateWithPriority(CUstream* stream, unsigned flags, int priority);
DRIVER_API CUresult cuStreamGetPriority(CUstream stream, int* priority);
DRIVER_API CUresult cuStreamDestroy_v2(CUstream stream);
DRIVER_API CUresult cuStreamSynchronize(CUstream handle);
DRIVER_API CUresult cuStreamQuery(CUstream handle);
DRIVER_API CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned);
DRIVER_API CUresult cuEventCreate(CUevent* event, unsigned flags);
DRIVER_API CUresult cuEventDestroy_v2(CUevent event);
DRIVER_API CUresult cuEventRecord(CUevent event, CUstream stream);
DRIVER_API CUresult cuEventSynchronize(CUevent handle);
DRIVER_API CUresult cuEventQuery(CUevent handle);
DRIVER_API CUresult cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end);
DRIVER_API CUresult cuStreamBeginCapture_v2(CUstream handle, CUstreamCaptureMode mode);
DRIVER_API CUresult cuStreamIsCapturing(CUstream handle, CUstreamCaptureStatus* status);
DRIVER_API CUresult cuStreamEndCapture(CUstream stream, CUgraph* graph);
DRIVER_API CUresult cuGraphInstantiateWithFlags(CUgraphExec* executable, CUgraph graph, unsigned long long);
DRIVER_API CUresult cuGraphUpload(CUgraphExec executable, CUstream stream);
DRIVER_API CUresult cuGraphLaunch(CUgraphExec executable, CUstream stream);
DRIVER_API CUresult cuGraphDestroy(CUgraph graph);
DRIVER_API CUresult cuGraphExecDestroy(CUgraphExec executable);

// Modules, functions and launches.
DRIVER_API CUresult cuModuleLoadData(CUmodule* module, const void* image);
DRIVER_API CUresult cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned, int*, void**);
DRIVER_API CUresult cuModuleUnload(CUmodule module);
DRIVER_API CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name);
DRIVER_API CUresult cuFuncGetAttribute(int* value, CUfunction_attribute attribute, CUfunction function);
DRIVER_API CUresult cuFuncSetAttribute(CUfunction handle, CUfunction_attribute attribute, int value);
DRIVER_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, CUfunction function, int threads,
                                                                size_t shared_bytes);
DRIVER_API CUresult cuLaunchKernel(CUfunction handle, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                                   unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes,
                                   CUstream stream, void** parameters, void** extra);
