#include "stream.h"

#include "context.h"
#include "driver.h"

namespace emulator {
namespace {

bool is_legacy(const CUstream_st& stream) { return &stream == &stream.context->legacy; }

template <typename Chosen>
void drain_chosen(CUctx_st& context, Chosen chosen) {
  for (;;) {
    std::vector<CUstream> busy;
    context.for_each_stream([&](CUstream_st& each) {
      if (!each.queue.empty() && chosen(each)) {
        busy.push_back(&each);
      }
    });
    if (busy.empty()) {
      return;
    }
    step(*busy[driver().random.below(static_cast<uint32_t>(busy.size()))]);
  }
}

// Whether calls of this thread that might disturb a capture spoil it.
bool is_watching(const Capture& capture) {
  switch (capture.mode) {
    case CU_STREAM_CAPTURE_MODE_GLOBAL: return true;
    case CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: return capture.thread == std::this_thread::get_id();
    case CU_STREAM_CAPTURE_MODE_RELAXED: return false;
  }
  return false;
}

void spoil(CUstream_st& stream, CUresult result) {
  if (stream.capture != nullptr) {
    stream.capture->invalidated = true;
    fail(result);
  }
}

}  // namespace

void enqueue(CUstream_st& stream, Work work) {
  if (stream.capture != nullptr) {
    Capture& capture = *stream.capture;
    require(!capture.invalidated, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    capture.work.push_back(std::move(work));
    if (&stream != capture.origin) {
      capture.unjoined.insert(&stream);
    }
    return;
  }
  if (is_legacy(stream)) {
    refuse_implicit_capture(*stream.context);
    drain_chosen(*stream.context, [](CUstream_st& each) { return each.blocking && !is_legacy(each); });
  } else if (stream.blocking) {
    drain(stream.context->legacy);
  }
  stream.queue.push_back(std::move(work));
}

void step(CUstream_st& stream) {
  Work work = std::move(stream.queue.front());
  stream.queue.pop_front();
  try {
    work();
  } catch (const Failure& failure) {
    stream.context->end_with(failure.result);
    throw;
  }
}

void drain(CUstream_st& stream) {
  while (!stream.queue.empty()) {
    step(stream);
  }
}

void drain_all(CUctx_st& context) {
  drain_chosen(context, [](CUstream_st&) { return true; });
}

void drain_blocking(CUctx_st& context) {
  drain_chosen(context, [](CUstream_st& each) { return each.blocking; });
}

void wait_for(const Record& record) {
  while (!record.done) {
    step(*record.stream);
  }
}

void refuse_capture(CUstream_st& stream) { spoil(stream, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED); }

void refuse_any_capture(CUctx_st& context) {
  for (const auto& each : context.streams) {
    if (each->capture != nullptr && is_watching(*each->capture)) {
      refuse_capture(*each);
    }
  }
}

void refuse_implicit_capture(CUctx_st& context) {
  for (const auto& each : context.streams) {
    if (each->blocking) {
      spoil(*each, CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
    }
  }
}

}  // namespace emulator
