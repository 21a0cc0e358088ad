package io.roomfield.slam.posegraph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The order in which sparse Cholesky eliminates nodes: always one with the fewest neighbours left,
 * which then become neighbours of each other (minimum degree; Davis, <em>Direct Methods for Sparse
 * Linear Systems</em>, 2006, section 7.1). EJML itself orders nothing.
 */
final class EliminationOrder {
  private EliminationOrder() {}

  /**
   * Per node its place in the order; the lower number first where nodes have as many neighbours.
   *
   * @param pairs neighbours, in any order, also repeated
   */
  static int[] of(int size, List<int[]> pairs) {
    List<Set<Integer>> neighbours = new ArrayList<>();
    for (int node = 0; node < size; node++) {
      neighbours.add(new TreeSet<>());
    }
    for (int[] pair : pairs) {
      neighbours.get(pair[0]).add(pair[1]);
      neighbours.get(pair[1]).add(pair[0]);
    }
    int[] place = new int[size];
    TreeSet<Integer> left = new TreeSet<>();
    neighbours.forEach(own -> left.add(left.size()));
    for (int next = 0; next < size; next++) {
      int least = left.first();
      for (int node : left) {
        least = neighbours.get(node).size() < neighbours.get(least).size() ? node : least;
      }
      left.remove(least);
      place[least] = next;
      for (int neighbour : neighbours.get(least)) {
        Set<Integer> theirs = neighbours.get(neighbour);
        theirs.addAll(neighbours.get(least));
        theirs.remove(neighbour);
        theirs.remove(least);
      }
    }
    return place;
  }
}
