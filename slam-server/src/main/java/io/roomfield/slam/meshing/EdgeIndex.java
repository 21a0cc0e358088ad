package io.roomfield.slam.meshing;

import java.util.Arrays;

/** Vertex numbers by lattice edge: an open-addressing hash table of primitives. */
final class EdgeIndex {
  /** Lattice indices are within +- 2^19, so that an edge fits in 62 bits. */
  static final int INDEX_LIMIT = 1 << 19;

  private static final int INDEX_BITS = 20;
  private static final long EMPTY = -1;
  private static final int INITIAL_CAPACITY = 1 << 12;
  private static final double LOAD_FACTOR = 0.6;

  private long[] keys = new long[INITIAL_CAPACITY];
  private int[] vertices = new int[INITIAL_CAPACITY];
  private int size;

  EdgeIndex() {
    Arrays.fill(keys, EMPTY);
  }

  /** The edge from a lattice point along an axis (0, 1 or 2) as one number. */
  static long key(int x, int y, int z, int axis) {
    long packed = (long) x + INDEX_LIMIT;
    packed = packed << INDEX_BITS | (y + INDEX_LIMIT);
    packed = packed << INDEX_BITS | (z + INDEX_LIMIT);
    return packed * 3 + axis;
  }

  /** The vertex on this edge, or -1. */
  int get(long key) {
    int slot = slot(key);
    return keys[slot] == EMPTY ? -1 : vertices[slot];
  }

  void put(long key, int vertex) {
    if (size >= LOAD_FACTOR * keys.length) {
      grow();
    }
    int slot = slot(key);
    size += keys[slot] == EMPTY ? 1 : 0;
    keys[slot] = key;
    vertices[slot] = vertex;
  }

  private int slot(long key) {
    long hash = key * 0x9E3779B97F4A7C15L; // Fibonacci hashing: the high bits are well mixed
    int slot = (int) (hash >>> 32) & (keys.length - 1);
    while (keys[slot] != EMPTY && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldVertices = vertices;
    keys = new long[2 * oldKeys.length];
    vertices = new int[keys.length];
    Arrays.fill(keys, EMPTY);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != EMPTY) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        vertices[slot] = oldVertices[i];
      }
    }
  }
}
