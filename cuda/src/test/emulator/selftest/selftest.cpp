// Tries the emulated driver out. Without arguments runs every test; with a name only that one, to be aborted by the
// sanitizers or not (run.sh).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "control.h"

namespace {

#define CHECK(condition) check(condition, #condition, __LINE__)
#define OK(call) expect(call, CUDA_SUCCESS, #call, __LINE__)
#define EXPECT(result, call) expect(call, result, #call, __LINE__)

void check(bool condition, const char* text, int line) {
  if (!condition) {
    fprintf(stderr, "selftest.cpp:%d: %s\n", line, text);
    exit(1);
  }
}

void expect(CUresult result, CUresult expected, const char* text, int line) {
  if (result != expected) {
    fprintf(stderr, "selftest.cpp:%d: %s returned %d (expected: %d)\n", line, text, result, expected);
    exit(1);
  }
}

constexpr uint32_t kImage[] = {0xBA55ED50};
constexpr int kThreads = 64;

// A context with the kernels and a stream.
struct Session {
  CUcontext context;
  CUmodule module;
  CUstream stream;

  Session() {
    emulator_reset();
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
    OK(cuModuleLoadData(&module, kImage));
    OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
  }

  CUdeviceptr allocate(size_t bytes) {
    CUdeviceptr start = 0;
    OK(cuMemAlloc_v2(&start, bytes));
    return start;
  }

  CUfunction function(const char* name) {
    CUfunction found = nullptr;
    OK(cuModuleGetFunction(&found, module, name));
    return found;
  }

  template <typename... Parameters>
  CUresult launch(const char* name, unsigned blocks, unsigned threads, unsigned shared, Parameters... parameters) {
    void* pointers[] = {static_cast<void*>(&parameters)..., nullptr};
    return cuLaunchKernel(function(name), blocks, 1, 1, threads, 1, 1, shared, stream, pointers, nullptr);
  }

  CUresult synchronize() { return cuStreamSynchronize(stream); }

  std::vector<int> read(CUdeviceptr from, size_t count) {
    std::vector<int> read(count);
    OK(cuMemcpyDtoH_v2(read.data(), from, count * sizeof(int)));
    return read;
  }

  // Launches a kernel that does wrong, which every later call tells of.
  void fail(CUresult result, const char* message) {
    EXPECT(result, synchronize());
    CUdeviceptr start;
    EXPECT(result, cuMemAlloc_v2(&start, 4));
    CHECK(strstr(emulator_last_failure(), message) != nullptr);
    OK(cuCtxDestroy_v2(context));
  }
};

void parameters_and_copies() {
  Session session;
  struct {
    CUdeviceptr at;
    int count;
    double value;
  } to{session.allocate(100 * sizeof(float)), 100, 3.0};
  CHECK(to.at % 256 == 0);
  OK(session.launch("fill", 2, kThreads, 0, to, 2.f, char{1}));
  to.value = 0;
  std::vector<int> words = session.read(to.at, 100);
  CHECK(words[0] == -1 && words[99] == -1);
  OK(session.synchronize());
  float values[100];
  OK(cuMemcpyDtoH_v2(values, to.at, sizeof values));
  CHECK(values[0] == 7.f && values[99] == 106.f);
  CHECK(emulator_launches() == 1 && emulator_copied_bytes(1) == 800);
}

void deferred_copies() {
  Session session;
  int* pinned;
  OK(cuMemAllocHost_v2(reinterpret_cast<void**>(&pinned), 2 * sizeof(int)));
  CUdeviceptr device = session.allocate(2 * sizeof(int));
  int pageable = 5;
  OK(cuMemcpyHtoDAsync_v2(device, &pageable, sizeof pageable, session.stream));
  pageable = 6;
  pinned[0] = 7;
  OK(cuMemcpyHtoDAsync_v2(device + 4, pinned, sizeof(int), session.stream));
  pinned[0] = 8;
  OK(cuMemcpyDtoHAsync_v2(pinned, device, 2 * sizeof(int), session.stream));
  CHECK(pinned[0] == 8 && pinned[1] == -1);
  OK(session.synchronize());
  CHECK(pinned[0] == 5 && pinned[1] == 8);
  OK(cuMemsetD32Async(device, 9, 2, session.stream));
  OK(cuMemcpyDtoHAsync_v2(&pageable, device, sizeof pageable, session.stream));
  CHECK(pageable == 9);
}

void events_order_streams() {
  Session session;
  CUstream other;
  CUevent event;
  OK(cuStreamCreate(&other, CU_STREAM_NON_BLOCKING));
  OK(cuEventCreate(&event, 0));
  CUdeviceptr number = session.allocate(sizeof(int));
  OK(cuMemsetD32Async(number, 41, 1, session.stream));
  OK(cuEventRecord(event, session.stream));
  OK(cuStreamWaitEvent(other, event, 0));
  std::swap(session.stream, other);
  OK(session.launch("add_one", 1, 1, 0, number));
  EXPECT(CUDA_ERROR_NOT_READY, cuEventQuery(event));
  OK(session.synchronize());
  OK(cuEventQuery(event));
  CHECK(session.read(number, 1)[0] == 42);
  while (cuStreamQuery(other) == CUDA_ERROR_NOT_READY) {
  }
}

void barriers_and_shared_memory() {
  Session session;
  CUdeviceptr numbers = session.allocate(4 * kThreads * sizeof(int));
  std::vector<int> first(4 * kThreads);
  for (int i = 0; i < 4 * kThreads; i++) {
    first[i] = i;
  }
  int wrong = 0;
  for (int seed = 0; seed < 20; seed++) {
    for (const char* name : {"rotate", "rotate_racing"}) {
      emulator_set_seed(seed);
      OK(cuMemcpyHtoD_v2(numbers, first.data(), first.size() * sizeof(int)));
      OK(session.launch(name, 4, kThreads, kThreads * sizeof(int), numbers, 3));
      OK(session.synchronize());
      std::vector<int> rotated = session.read(numbers, first.size());
      bool right = true;
      for (int i = 0; i < 4 * kThreads; i++) {
        right &= rotated[i] == i / kThreads * kThreads + (i + 3) % kThreads;
      }
      CHECK(right || strcmp(name, "rotate_racing") == 0);
      wrong += !right;
    }
  }
  CHECK(wrong == 20);
  OK(session.launch("read_shared", 1, kThreads, kThreads * sizeof(int), numbers));
  OK(session.synchronize());
  CHECK(session.read(numbers, 1)[0] == -1);
}

void warp_functions() {
  Session session;
  CUdeviceptr to = session.allocate(kThreads * 10 * sizeof(int));
  OK(session.launch("warp_functions", 1, kThreads, 0, to));
  OK(session.synchronize());
  std::vector<int> got = session.read(to, kThreads * 10);
  for (int i = 0; i < kThreads; i++) {
    int lane = i % 32;
    int expected[] = {5, lane < 3 ? lane : lane - 3, lane % 8 < 5 ? lane + 3 : lane, lane ^ 16,
                      static_cast<int>(0xaaaaaaaau), 1, 0, lane ^ 1, lane / 16 * 16 + 9, lane < 16 ? 0 : -1};
    CHECK(memcmp(expected, &got[i * 10], sizeof expected) == 0);
  }
}

void half_precision() {
  Session session;
  const std::pair<float, uint16_t> roundings[] = {
      {1.f, 0x3c00},         {-2.f, 0xc000},         {0x1.002p0f, 0x3c00}, {0x1.006p0f, 0x3c02}, {0x1.0021p0f, 0x3c01},
      {65519.f, 0x7bff},     {65520.f, 0x7c00},      {-1e9f, 0xfc00},      {0x1p-14f, 0x0400},   {0x1p-24f, 0x0001},
      {0x1.8p-24f, 0x0002},  {0x1p-25f, 0x0000},     {-0.f, 0x8000},       {0x1.ffep-15f, 0x0400}};
  constexpr size_t count = sizeof roundings / sizeof *roundings;
  float from[count];
  uint16_t to[count];
  for (size_t i = 0; i < count; i++) {
    from[i] = roundings[i].first;
  }
  CUdeviceptr numbers = session.allocate(sizeof from);
  CUdeviceptr rounded = session.allocate(sizeof to);
  OK(cuMemcpyHtoD_v2(numbers, from, sizeof from));
  OK(session.launch("round_to_half", 1, count, 0, numbers, rounded));
  OK(session.synchronize());
  OK(cuMemcpyDtoH_v2(to, rounded, sizeof to));
  for (size_t i = 0; i < count; i++) {
    CHECK(to[i] == roundings[i].second);
  }
}

// a[i][k] = i + 1 where k = i, else 0; b[k][j] = k - j, which is given by columns.
void matrices() {
  Session session;
  std::vector<float> values(512);
  for (int i = 0; i < 16; i++) {
    values[i * 16 + i] = static_cast<float>(i + 1);
    for (int j = 0; j < 16; j++) {
      values[256 + j * 16 + i] = static_cast<float>(i - j);
    }
  }
  CUdeviceptr numbers = session.allocate(values.size() * sizeof(float));
  CUdeviceptr halves = session.allocate(values.size() * 2);
  CUdeviceptr to = session.allocate(256 * sizeof(float));
  OK(cuMemcpyHtoD_v2(numbers, values.data(), values.size() * sizeof(float)));
  OK(session.launch("round_to_half", 1, 512, 0, numbers, halves));
  OK(session.launch("multiply_matrices", 1, 32, 0, halves, halves + 512, to, 0));
  OK(session.synchronize());
  float products[256];
  OK(cuMemcpyDtoH_v2(products, to, sizeof products));
  for (int i = 0; i < 256; i++) {
    CHECK(products[i] == static_cast<float>((i / 16 + 1) * (i / 16 - i % 16) + 1));
  }
  OK(session.launch("multiply_matrices", 1, 32, 0, halves, halves + 512, to, 2));
  session.fail(CUDA_ERROR_LAUNCH_FAILED, "multiply_matrices");
}

void missed_barriers() {
  for (int elsewhere = 0; elsewhere < 2; elsewhere++) {
    Session session;
    OK(session.launch("uneven_barrier", 2, kThreads, 0, 3, elsewhere));
    session.fail(CUDA_ERROR_LAUNCH_FAILED, "__syncthreads");
  }
  Session exited;
  OK(exited.launch("warp_functions", 1, 33, 0, exited.allocate(33 * 10 * sizeof(int))));
  exited.fail(CUDA_ERROR_LAUNCH_FAILED, "warp operation");
  Session session;
  OK(session.launch("uneven_shuffle", 1, 32, 0, session.allocate(32 * sizeof(int))));
  session.fail(CUDA_ERROR_LAUNCH_FAILED, "meets thread");
}

void out_of_bounds() {
  for (long long index : {-1LL, 25LL}) {
    Session session;
    OK(session.launch("write_at", 1, 1, 0, session.allocate(100), index));
    session.fail(CUDA_ERROR_ILLEGAL_ADDRESS, "kernel write_at: written outside of the allocation of 100 bytes");
  }
}

void shared_out_of_bounds() {
  Session session;
  OK(session.launch("write_shared", 1, 1, 12, 3));
  session.fail(CUDA_ERROR_LAUNCH_FAILED, "shared memory");
}

// Only the sanitizers see it.
void misaligned() {
  Session session;
  OK(session.launch("read_vector", 1, 1, 0, session.allocate(100), 1));
  OK(session.synchronize());
}

void misuse() {
  emulator_reset();
  int number;
  CUcontext context;
  CUdeviceptr start;
  EXPECT(CUDA_ERROR_NOT_INITIALIZED, cuDeviceGetCount(&number));
  emulator_set_device_count(0);
  EXPECT(CUDA_ERROR_NO_DEVICE, cuInit(0));
  emulator_set_device_count(1);
  OK(cuInit(0));
  EXPECT(CUDA_ERROR_INVALID_DEVICE, cuCtxCreate_v2(&context, 0, 1));
  EXPECT(CUDA_ERROR_INVALID_CONTEXT, cuMemAlloc_v2(&start, 4));

  Session session;
  start = session.allocate(100);
  EXPECT(CUDA_ERROR_INVALID_VALUE, cuMemsetD8_v2(start + 1, 0, 100));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cuMemFree_v2(start + 1));
  OK(cuMemFree_v2(start));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cuMemFree_v2(start));
  CUmodule module;
  CUfunction function;
  EXPECT(CUDA_ERROR_INVALID_IMAGE, cuModuleLoadData(&module, "something else"));
  OK(cuModuleLoadData(&module, "roomfield emulated kernels"));
  EXPECT(CUDA_ERROR_NOT_FOUND, cuModuleGetFunction(&function, module, "nothing"));
  OK(cuModuleUnload(module));
  EXPECT(CUDA_ERROR_INVALID_HANDLE, cuModuleUnload(module));
  EXPECT(CUDA_ERROR_INVALID_VALUE, session.launch("add_one", 1, 1025, 0, start));
  EXPECT(CUDA_ERROR_INVALID_VALUE, session.launch("add_one", 0, 1, 0, start));
  EXPECT(CUDA_ERROR_INVALID_VALUE, session.launch("write_shared", 1, 1, 49153, 0));
  function = session.function("write_shared");
  CUfunction_attribute shared = CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
  EXPECT(CUDA_ERROR_INVALID_VALUE, cuFuncSetAttribute(function, shared, 65537));
  OK(cuFuncSetAttribute(function, shared, 65536));
  OK(session.launch("write_shared", 1, 1, 49153, 0));
  OK(session.synchronize());
}

void memory_limit_and_leaks() {
  Session session;
  emulator_set_memory(1000);
  CUdeviceptr first = session.allocate(600);
  CUdeviceptr second;
  EXPECT(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc_v2(&second, 401));
  OK(cuMemAlloc_v2(&second, 400));
  size_t free_bytes, total;
  OK(cuMemGetInfo_v2(&free_bytes, &total));
  CHECK(free_bytes == 0 && total == 1000);
  OK(cuMemFree_v2(first));
  CHECK(emulator_live_allocations() == 1 && emulator_live_bytes() == 400);
  OK(cuCtxDestroy_v2(session.context));
  CHECK(emulator_leaks() == 3 && emulator_live_allocations() == 0);

  CUcontext context;
  CUevent event;
  OK(cuDevicePrimaryCtxRetain(&context, 0));
  OK(cuCtxSetCurrent(context));
  OK(cuEventCreate(&event, 0));
  OK(cuDevicePrimaryCtxRelease_v2(0));
  CHECK(emulator_leaks() == 4);
  EXPECT(CUDA_ERROR_CONTEXT_IS_DESTROYED, cuCtxSynchronize());
}

void errors_on_demand() {
  Session session;
  CUdeviceptr start;
  emulator_fail("cuMemAlloc", CUDA_ERROR_OUT_OF_MEMORY, 1);
  OK(cuMemAlloc_v2(&start, 4));
  EXPECT(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc_v2(&start, 4));
  OK(cuMemAlloc_v2(&start, 4));
  emulator_fail("cuStreamSynchronize", CUDA_ERROR_ECC_UNCORRECTABLE, 0);
  EXPECT(CUDA_ERROR_ECC_UNCORRECTABLE, session.synchronize());
  EXPECT(CUDA_ERROR_ECC_UNCORRECTABLE, cuMemsetD8_v2(start, 0, 1));
  EXPECT(CUDA_ERROR_ECC_UNCORRECTABLE, cuMemFree_v2(start));
  CHECK(emulator_live_allocations() == 1);
}

void graphs() {
  Session session;
  CUstream side;
  CUevent forked, joined;
  CUgraph graph;
  CUgraphExec executable;
  CUstreamCaptureStatus status;
  OK(cuStreamCreate(&side, CU_STREAM_NON_BLOCKING));
  OK(cuEventCreate(&forked, CU_EVENT_DISABLE_TIMING));
  OK(cuEventCreate(&joined, CU_EVENT_DISABLE_TIMING));
  CUdeviceptr number = session.allocate(sizeof(int));
  OK(cuMemsetD32_v2(number, 0, 1));
  for (bool join : {false, true}) {
    OK(cuStreamBeginCapture_v2(session.stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    OK(session.launch("add_one", 3, 1, 0, number));
    OK(cuEventRecord(forked, session.stream));
    OK(cuStreamWaitEvent(side, forked, 0));
    std::swap(session.stream, side);
    OK(session.launch("add_one", 4, 1, 0, number));
    std::swap(session.stream, side);
    OK(cuEventRecord(joined, side));
    if (join) {
      OK(cuStreamWaitEvent(session.stream, joined, 0));
    }
    OK(cuStreamIsCapturing(side, &status));
    CHECK(status == CU_STREAM_CAPTURE_STATUS_ACTIVE);
    EXPECT(join ? CUDA_SUCCESS : CUDA_ERROR_STREAM_CAPTURE_UNJOINED, cuStreamEndCapture(session.stream, &graph));
  }
  OK(cuGraphInstantiateWithFlags(&executable, graph, 0));
  OK(cuGraphDestroy(graph));
  OK(cuGraphLaunch(executable, session.stream));
  OK(cuGraphLaunch(executable, session.stream));
  CHECK(session.read(number, 1)[0] == 0);
  OK(session.synchronize());
  CHECK(session.read(number, 1)[0] == 14 && emulator_launches() == 4);

  OK(cuStreamBeginCapture_v2(session.stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
  EXPECT(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, session.synchronize());
  EXPECT(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(session.stream, &graph));
  OK(cuGraphExecDestroy(executable));
}

void captures_watch_threads() {
  Session session;
  CUgraph graph;
  for (auto mode : {CU_STREAM_CAPTURE_MODE_GLOBAL, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL}) {
    bool global = mode == CU_STREAM_CAPTURE_MODE_GLOBAL;
    OK(cuStreamBeginCapture_v2(session.stream, mode));
    std::thread([&] {
      CUdeviceptr start;
      OK(cuCtxSetCurrent(session.context));
      EXPECT(global ? CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED : CUDA_SUCCESS, cuMemAlloc_v2(&start, 4));
    }).join();
    EXPECT(global ? CUDA_ERROR_STREAM_CAPTURE_INVALIDATED : CUDA_SUCCESS, cuStreamEndCapture(session.stream, &graph));
  }
}

void captures_refuse_what_waits_or_allocates() {
  Session session;
  CUdeviceptr number = session.allocate(sizeof(int));
  CUdeviceptr start;
  CUevent event;
  CUmodule module;
  CUgraph graph;
  int pageable = 0;
  void* pinned;
  OK(cuEventCreate(&event, 0));
  OK(cuEventRecord(event, session.stream));
  OK(session.synchronize());
  const std::function<CUresult()> refused[] = {
      [&] { return cuMemAlloc_v2(&start, 4); },
      [&] { return cuMemHostAlloc(&pinned, 4, 0); },
      [&] { return cuMemFree_v2(number); },
      [&] { return cuMemcpyHtoD_v2(number, &pageable, sizeof pageable); },
      [&] { return cuMemcpyDtoH_v2(&pageable, number, sizeof pageable); },
      [&] { return cuMemcpyHtoDAsync_v2(number, &pageable, sizeof pageable, session.stream); },
      [&] { return cuMemcpyDtoHAsync_v2(&pageable, number, sizeof pageable, session.stream); },
      [&] { return cuStreamSynchronize(session.stream); },
      [&] { return cuStreamQuery(session.stream); },
      [&] { return cuCtxSynchronize(); },
      [&] { return cuEventQuery(event); },
      [&] { return cuEventSynchronize(event); },
      [&] { return cuModuleLoadData(&module, "roomfield emulated kernels"); },
  };
  for (const auto& call : refused) {
    OK(cuStreamBeginCapture_v2(session.stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    EXPECT(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, call());
    EXPECT(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, session.launch("add_one", 1, 1, 0, number));
    EXPECT(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(session.stream, &graph));
    CHECK(graph == nullptr);
    OK(session.synchronize());
  }
}

void several_threads() {
  Session session;
  CUdeviceptr number = session.allocate(sizeof(int));
  OK(cuMemsetD32_v2(number, 0, 1));
  OK(cuCtxSynchronize());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([&] {
      CUcontext none;
      OK(cuCtxGetCurrent(&none));
      CHECK(none == nullptr);
      OK(cuCtxSetCurrent(session.context));
      for (int launch = 0; launch < 50; launch++) {
        OK(session.launch("add_one", 1, 10, 0, number));
        OK(session.synchronize());
      }
    });
  }
  for (std::thread& each : threads) {
    each.join();
  }
  CHECK(session.read(number, 1)[0] == 2000);
}

void speed() {
  Session session;
  CUdeviceptr numbers = session.allocate(64 * kThreads * sizeof(int));
  OK(cuMemsetD32_v2(numbers, 0, 64 * kThreads));
  OK(cuCtxSynchronize());
  for (int repeat = 0; repeat < 3; repeat++) {
    auto start = std::chrono::steady_clock::now();
    OK(session.launch("rotate", 64, kThreads, kThreads * sizeof(int), numbers, 25));
    OK(session.synchronize());
    std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    printf("64 blocks of 64 threads with 50 barriers: %.1f ms\n", taken.count());
  }
}

const std::map<std::string, void (*)()> kTests = {
    {"parameters_and_copies", parameters_and_copies},
    {"deferred_copies", deferred_copies},
    {"events_order_streams", events_order_streams},
    {"barriers_and_shared_memory", barriers_and_shared_memory},
    {"warp_functions", warp_functions},
    {"half_precision", half_precision},
    {"matrices", matrices},
    {"missed_barriers", missed_barriers},
    {"misuse", misuse},
    {"memory_limit_and_leaks", memory_limit_and_leaks},
    {"errors_on_demand", errors_on_demand},
    {"graphs", graphs},
    {"captures_watch_threads", captures_watch_threads},
    {"captures_refuse_what_waits_or_allocates", captures_refuse_what_waits_or_allocates},
    {"several_threads", several_threads},
    {"speed", speed},
};

// The sanitizers abort these.
const std::map<std::string, void (*)()> kFaults = {
    {"out_of_bounds", out_of_bounds},
    {"shared_out_of_bounds", shared_out_of_bounds},
    {"misaligned", misaligned},
};

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) {
    kFaults.at(arguments[1])();
    return 0;
  }
  for (const auto& [name, test] : kTests) {
    printf("%s\n", name.c_str());
    fflush(stdout);
    test();
  }
  return 0;
}
