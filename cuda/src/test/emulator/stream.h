// Streams, events and captures. Work is only queued when it is enqueued: it runs when something waits for it, so that
// a host that does not wait reads what was there before.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "cuda_types.h"

namespace emulator {

// May run more than once (graphs). Throws Failure, which ends the context.
using Work = std::function<void()>;

// The point of a stream at which an event was recorded.
struct Record {
  CUstream stream;
  bool done = false;
  std::chrono::steady_clock::time_point time;
};

struct Capture {
  CUstream origin;
  std::thread::id thread;
  CUstreamCaptureMode mode;
  bool invalidated = false;
  bool ended = false;
  // In the order of enqueueing, which keeps every dependency.
  std::vector<Work> work;
  // Streams with work that the origin does not wait for yet.
  std::set<CUstream> unjoined;
};

}  // namespace emulator

struct CUstream_st {
  CUcontext context;
  // Whether it and the legacy default stream wait for each other.
  bool blocking;
  int priority;
  std::deque<emulator::Work> queue;
  std::shared_ptr<emulator::Capture> capture;
};

struct CUevent_st {
  bool timed;
  std::shared_ptr<emulator::Record> record;
  // Recorded while its stream was captured: a dependency, nothing to wait for.
  std::shared_ptr<emulator::Capture> capture;
  CUstream captured_stream = nullptr;
};

struct CUgraph_st {
  std::vector<emulator::Work> work;
};

struct CUgraphExec_st {
  std::vector<emulator::Work> work;
};

namespace emulator {

// Queues work, or adds it to the stream's capture.
void enqueue(CUstream_st& stream, Work work);

// Runs the stream's first piece of work. A failure ends the context.
void step(CUstream_st& stream);

void drain(CUstream_st& stream);

// Runs work, streams taking turns at random, until no stream of the context (or none that waits for the legacy default
// stream) has any.
void drain_all(CUctx_st& context);
void drain_blocking(CUctx_st& context);

void wait_for(const Record& record);

// A call that the stream's capture does not allow, which spoils it.
void refuse_capture(CUstream_st& stream);

// A call that the captures of any stream, in a mode that looks at the calling thread, do not allow.
void refuse_any_capture(CUctx_st& context);

// The same for calls that use the legacy default stream.
void refuse_implicit_capture(CUctx_st& context);

}  // namespace emulator
