// Calls about streams, events, captures and graphs.
#include "calls.h"

namespace emulator {
namespace {

constexpr unsigned kStreamFlags = CU_STREAM_NON_BLOCKING;

void create_stream(CUctx_st& context, CUstream* stream, unsigned flags, int priority) {
  require((flags & ~kStreamFlags) == 0, CUDA_ERROR_INVALID_VALUE);
  bool blocking = (flags & CU_STREAM_NON_BLOCKING) == 0;
  *stream = context.streams.add(&context, blocking, priority);
}

void record(CUevent_st& event, CUstream_st& stream) {
  event.record = nullptr;
  event.capture = stream.capture;
  if (stream.capture != nullptr) {
    event.captured_stream = &stream;
    return;
  }
  auto record = std::make_shared<Record>(Record{&stream, false, {}});
  enqueue(stream, [record] {
    record->done = true;
    record->time = std::chrono::steady_clock::now();
  });
  event.record = record;
}

// Makes the stream wait for an event of a capture, which takes the stream into the capture.
void join(CUstream_st& stream, const CUevent_st& event) {
  require(!event.capture->ended, CUDA_ERROR_CAPTURED_EVENT);
  require(stream.capture == nullptr || stream.capture == event.capture, CUDA_ERROR_STREAM_CAPTURE_MERGE);
  require(&stream != &stream.context->legacy, CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
  stream.capture = event.capture;
  event.capture->unjoined.erase(event.captured_stream);
  if (&stream != event.capture->origin) {
    event.capture->unjoined.insert(&stream);
  }
}

void wait_in_stream(CUstream_st& stream, const CUevent_st& event) {
  if (event.capture != nullptr) {
    join(stream, event);
  } else if (event.record != nullptr) {
    require(stream.capture == nullptr, CUDA_ERROR_STREAM_CAPTURE_ISOLATION);
    enqueue(stream, [record = event.record] { wait_for(*record); });
  }
}

std::vector<Work> end_capture(CUctx_st& context, CUstream_st& stream) {
  std::shared_ptr<Capture> capture = stream.capture;
  require(capture != nullptr, CUDA_ERROR_ILLEGAL_STATE);
  require(capture->origin == &stream, CUDA_ERROR_STREAM_CAPTURE_UNMATCHED);
  bool here = capture->thread == std::this_thread::get_id();
  require(here || capture->mode == CU_STREAM_CAPTURE_MODE_RELAXED, CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD);
  capture->ended = true;
  context.for_each_stream([&](CUstream_st& each) {
    if (each.capture == capture) {
      each.capture = nullptr;
    }
  });
  require(!capture->invalidated, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  require(capture->unjoined.empty(), CUDA_ERROR_STREAM_CAPTURE_UNJOINED);
  return std::move(capture->work);
}

}  // namespace
}  // namespace emulator

using namespace emulator;

DRIVER_API CUresult cuStreamCreate(CUstream* stream, unsigned flags) {
  return context_call("cuStreamCreate", [&](CUctx_st& context) { create_stream(context, stream, flags, 0); });
}

DRIVER_API CUresult cuStreamCreateWithPriority(CUstream* stream, unsigned flags, int priority) {
  return context_call("cuStreamCreateWithPriority",
                      [&](CUctx_st& context) { create_stream(context, stream, flags, priority); });
}

DRIVER_API CUresult cuStreamGetPriority(CUstream stream, int* priority) {
  return context_call("cuStreamGetPriority",
                      [&](CUctx_st& context) { *priority = context.stream(stream).priority; });
}

DRIVER_API CUresult cuStreamDestroy_v2(CUstream stream) {
  return release_call("cuStreamDestroy", [&](CUctx_st& context) {
    refuse_capture(context.streams.at(stream));
    settle(context);
    context.streams.remove(stream);
  });
}

DRIVER_API CUresult cuStreamSynchronize(CUstream handle) {
  return context_call("cuStreamSynchronize", [&](CUctx_st& context) {
    CUstream_st& stream = context.stream(handle);
    refuse_capture(stream);
    drain(stream);
  });
}

// Work goes on by one piece at each question, so that a host that asks until all is done comes to an end.
DRIVER_API CUresult cuStreamQuery(CUstream handle) {
  return context_call("cuStreamQuery", [&](CUctx_st& context) {
    CUstream_st& stream = context.stream(handle);
    refuse_capture(stream);
    if (!stream.queue.empty()) {
      step(stream);
      fail(CUDA_ERROR_NOT_READY);
    }
  });
}

DRIVER_API CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned) {
  return context_call("cuStreamWaitEvent", [&](CUctx_st& context) {
    wait_in_stream(context.stream(stream), context.events.at(event));
  });
}

DRIVER_API CUresult cuEventCreate(CUevent* event, unsigned flags) {
  return context_call("cuEventCreate", [&](CUctx_st& context) {
    *event = context.events.add((flags & CU_EVENT_DISABLE_TIMING) == 0);
  });
}

DRIVER_API CUresult cuEventDestroy_v2(CUevent event) {
  return release_call("cuEventDestroy", [&](CUctx_st& context) { context.events.remove(event); });
}

DRIVER_API CUresult cuEventRecord(CUevent event, CUstream stream) {
  return context_call("cuEventRecord",
                      [&](CUctx_st& context) { record(context.events.at(event), context.stream(stream)); });
}

DRIVER_API CUresult cuEventSynchronize(CUevent handle) {
  return context_call("cuEventSynchronize", [&](CUctx_st& context) {
    refuse_any_capture(context);
    CUevent_st& event = context.events.at(handle);
    require(event.capture == nullptr, CUDA_ERROR_CAPTURED_EVENT);
    if (event.record != nullptr) {
      wait_for(*event.record);
    }
  });
}

DRIVER_API CUresult cuEventQuery(CUevent handle) {
  return context_call("cuEventQuery", [&](CUctx_st& context) {
    refuse_any_capture(context);
    CUevent_st& event = context.events.at(handle);
    require(event.capture == nullptr, CUDA_ERROR_CAPTURED_EVENT);
    if (event.record != nullptr && !event.record->done) {
      step(*event.record->stream);
      fail(CUDA_ERROR_NOT_READY);
    }
  });
}

DRIVER_API CUresult cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end) {
  return context_call("cuEventElapsedTime", [&](CUctx_st& context) {
    const CUevent_st& from = context.events.at(start);
    const CUevent_st& to = context.events.at(end);
    require(from.timed && to.timed && from.record != nullptr && to.record != nullptr, CUDA_ERROR_INVALID_HANDLE);
    require(from.record->done && to.record->done, CUDA_ERROR_NOT_READY);
    *milliseconds = std::chrono::duration<float, std::milli>(to.record->time - from.record->time).count();
  });
}

DRIVER_API CUresult cuStreamBeginCapture_v2(CUstream handle, CUstreamCaptureMode mode) {
  return context_call("cuStreamBeginCapture", [&](CUctx_st& context) {
    CUstream_st& stream = context.stream(handle);
    require(&stream != &context.legacy, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    require(stream.capture == nullptr, CUDA_ERROR_ILLEGAL_STATE);
    stream.capture =
        std::make_shared<Capture>(Capture{&stream, std::this_thread::get_id(), mode, false, false, {}, {}});
  });
}

DRIVER_API CUresult cuStreamIsCapturing(CUstream handle, CUstreamCaptureStatus* status) {
  return context_call("cuStreamIsCapturing", [&](CUctx_st& context) {
    const CUstream_st& stream = context.stream(handle);
    *status = stream.capture == nullptr        ? CU_STREAM_CAPTURE_STATUS_NONE
              : stream.capture->invalidated ? CU_STREAM_CAPTURE_STATUS_INVALIDATED
                                            : CU_STREAM_CAPTURE_STATUS_ACTIVE;
  });
}

// Errors that a test asked for end the capture too, as the driver's do.
DRIVER_API CUresult cuStreamEndCapture(CUstream stream, CUgraph* graph) {
  return context_call("", [&](CUctx_st& context) {
    *graph = nullptr;
    std::vector<Work> work = end_capture(context, context.stream(stream));
    raise_fault("cuStreamEndCapture");
    *graph = context.graphs.add(std::move(work));
  });
}

DRIVER_API CUresult cuGraphInstantiateWithFlags(CUgraphExec* executable, CUgraph graph, unsigned long long) {
  return context_call("cuGraphInstantiate", [&](CUctx_st& context) {
    *executable = context.executables.add(context.graphs.at(graph).work);
  });
}

DRIVER_API CUresult cuGraphUpload(CUgraphExec executable, CUstream stream) {
  return context_call("cuGraphUpload", [&](CUctx_st& context) {
    context.stream(stream);
    context.executables.at(executable);
  });
}

DRIVER_API CUresult cuGraphLaunch(CUgraphExec executable, CUstream stream) {
  return context_call("cuGraphLaunch", [&](CUctx_st& context) {
    for (const Work& work : context.executables.at(executable).work) {
      enqueue(context.stream(stream), work);
    }
  });
}

DRIVER_API CUresult cuGraphDestroy(CUgraph graph) {
  return release_call("cuGraphDestroy", [&](CUctx_st& context) { context.graphs.remove(graph); });
}

DRIVER_API CUresult cuGraphExecDestroy(CUgraphExec executable) {
  return release_call("cuGraphExecDestroy", [&](CUctx_st& context) { context.executables.remove(executable); });
}
