package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CommandList;
import io.roomfield.cuda.CudaException;
import io.roomfield.cuda.CudaGraph;
import io.roomfield.cuda.CudaStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The work that a stream was given last, and what came twice as graphs. The whole of a list decides
 * whether it is the same, down to the last address: what differs by a word is other work, so that
 * no graph can be out of date. For one thread.
 */
final class Graphs implements AutoCloseable {
  /** A round has some ten: a pass and a step for each of its stages. */
  private static final int MOST = 16;

  /** By signature, the least recently used first; null for work that came once. */
  private final Map<ByteBuffer, CudaGraph> known = new LinkedHashMap<>(MOST, 0.75f, true);

  /**
   * Gives a list to the stream: command by command the first time, when the driver may still have
   * kernels to load, and wherever there is no memory for a graph; later as a graph.
   */
  void run(CommandList work, CudaStream stream) {
    if (!launched(work, stream)) {
      work.giveTo(stream);
    }
  }

  private boolean launched(CommandList work, CudaStream stream) {
    ByteBuffer signature = work.signature();
    if (!known.containsKey(signature)) {
      remember(signature);
      return false;
    }
    try {
      CudaGraph graph = known.get(signature);
      if (graph == null) {
        graph = CudaGraph.capture(stream, () -> work.giveTo(stream));
        known.replace(signature, graph);
      }
      graph.launch(stream);
      return true;
    } catch (CudaException.OutOfMemory e) {
      // Nothing of it has run; the commands themselves need no memory.
      return false;
    }
  }

  private void remember(ByteBuffer signature) {
    if (known.size() == MOST) {
      CudaGraph eldest = known.remove(known.keySet().iterator().next());
      if (eldest != null) {
        eldest.close();
      }
    }
    known.put(ByteBuffer.allocate(signature.remaining()).put(signature).flip(), null);
  }

  /** Frees all graphs. */
  @Override
  public void close() {
    for (CudaGraph graph : known.values()) {
      if (graph != null) {
        graph.close();
      }
    }
    known.clear();
  }
}
