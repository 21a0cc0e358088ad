package io.roomfield.slam.posegraph;

import io.roomfield.geometry.SE3;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keyframes and what was measured between them. The first node that was added is the one that
 * {@link PoseGraphOptimizer} leaves where it is.
 */
public final class PoseGraph {
  private final Map<Integer, SE3> poses = new LinkedHashMap<>();
  private final List<PoseEdge> edges = new ArrayList<>();

  /**
   * Adds a keyframe.
   *
   * @throws IllegalArgumentException if the id is taken
   */
  public void addNode(int id, SE3 worldFromCamera) {
    if (poses.putIfAbsent(id, worldFromCamera) != null) {
      throw new IllegalArgumentException("keyframe %d: added twice (expected: once)".formatted(id));
    }
  }

  /**
   * Adds a measurement between two keyframes that were added before; a pair may have several.
   *
   * @throws IllegalArgumentException if one of them was not
   */
  public void addEdge(PoseEdge edge) {
    for (int id : new int[] {edge.from(), edge.to()}) {
      if (!poses.containsKey(id)) {
        throw new IllegalArgumentException(
            "edge %d -> %d: keyframe %d is no node (expected: added before its edges)"
                .formatted(edge.from(), edge.to(), id));
      }
    }
    edges.add(edge);
  }

  /** {@code worldFromCamera} by keyframe id, in the order in which they were added. */
  public Map<Integer, SE3> poses() {
    return Collections.unmodifiableMap(poses);
  }

  /** In the order in which they were added. */
  public List<PoseEdge> edges() {
    return Collections.unmodifiableList(edges);
  }

  /**
   * Checks that trusted edges hold every node: otherwise an edge that is wrong could not be told.
   *
   * @throws IllegalArgumentException if the graph is empty, or a node is not connected to the first
   *     by edges of odometry
   */
  void checkConnected() {
    if (poses.isEmpty()) {
      throw new IllegalArgumentException("pose graph: no nodes (expected: at least one)");
    }
    Map<Integer, List<Integer>> neighbours = new LinkedHashMap<>();
    poses.keySet().forEach(id -> neighbours.put(id, new ArrayList<>()));
    for (PoseEdge edge : edges) {
      if (!edge.kind().mayBeWrong()) {
        neighbours.get(edge.from()).add(edge.to());
        neighbours.get(edge.to()).add(edge.from());
      }
    }
    int first = poses.keySet().iterator().next();
    Set<Integer> reached = new HashSet<>(Set.of(first));
    Deque<Integer> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      for (int next : neighbours.get(open.remove())) {
        if (reached.add(next)) {
          open.add(next);
        }
      }
    }
    for (int id : poses.keySet()) {
      if (!reached.contains(id)) {
        throw new IllegalArgumentException(
            "keyframe %d: not connected to keyframe %d by odometry (expected: every keyframe is)"
                .formatted(id, first));
      }
    }
  }
}
