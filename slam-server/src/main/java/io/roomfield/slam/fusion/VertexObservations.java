package io.roomfield.slam.fusion;

/** What the fused depth knows around the vertices of a feature grid: an encoder's inputs. */
public interface VertexObservations {
  /** What is known around a vertex. */
  enum Kind {
    /** Nothing. */
    UNSEEN,
    /** It is free space, far from any surface. */
    FREE,
    /** Anything else. */
    MIXED
  }

  /** Inputs a vertex. */
  int inputSize();

  /** Loads the grid's block at these block coordinates; the other methods then speak of it. */
  void load(int blockX, int blockY, int blockZ);

  /** What is known around a vertex, by its number in the block. */
  Kind kind(int vertex);

  /** Writes a vertex's inputs to {@code inputs[at .. at + inputSize)}. */
  void copy(int vertex, float[] inputs, int at);
}
