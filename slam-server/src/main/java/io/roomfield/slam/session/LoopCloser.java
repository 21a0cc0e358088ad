package io.roomfield.slam.session;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.posegraph.OptimizedPoses;
import io.roomfield.slam.posegraph.PoseEdge;
import io.roomfield.slam.posegraph.PoseEdge.Kind;
import io.roomfield.slam.posegraph.PoseGraph;
import io.roomfield.slam.posegraph.PoseGraphOptimizer;
import io.roomfield.slam.posegraph.PoseMove;
import io.roomfield.slam.relocalisation.PoseProposal;
import io.roomfield.slam.tracking.FrontEnd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Notices that the camera has come back to where it was, and tells how keyframes have to move: each
 * new one is measured against the one before it and old ones that it overlaps or in which its place
 * is recognised (docs/adr/0013). One thread at a time; {@link #isOpen} is for any.
 */
public final class LoopCloser {
  /** Old ones that it overlaps where it is thought to be. */
  private static final int REVISITED = 3;

  /** A keyframe is old when so many are newer: between those there is no drift worth closing. */
  private static final int RECENT = 10;

  /** Two views of a loop say the same within this much. */
  private static final double SAME_METRES = 0.05;

  private static final double SAME_RADIANS = Math.toRadians(2);

  private final KeyframeStore keyframes;
  private final FrontEnd frontEnd;
  private final PlaceRecognition places;
  private final KeyframeEdges measurements;
  private final List<PoseEdge> edges = new ArrayList<>();

  /** Loops that the poses do not fit, and no optimisation has tried yet. */
  private final List<PoseEdge> untried = new ArrayList<>();

  /** What the newest keyframe that was taken in said of loops, believed or not. */
  private List<PoseEdge> lastViews = List.of();

  /** The newest keyframe that was measured against old ones, whether or not that was believed. */
  private int measured;

  private int taken;
  private volatile boolean open;

  LoopCloser(KeyframeStore keyframes, FrontEnd frontEnd, PlaceRecognition places) {
    this.keyframes = keyframes;
    this.frontEnd = frontEnd;
    this.places = places;
    measurements = new KeyframeEdges(frontEnd);
  }

  /**
   * What another loop closer needs to go on.
   *
   * @param untried places in {@code edges}
   */
  public record State(
      List<PoseEdge> edges,
      List<Integer> untried,
      List<PoseEdge> lastViews,
      int measured,
      int taken,
      boolean open) {}

  State state() {
    return new State(
        List.copyOf(edges),
        untried.stream().map(edges::indexOf).filter(i -> i >= 0).toList(),
        lastViews,
        measured,
        taken,
        open);
  }

  /** Goes on from there, when the keyframes are there. */
  void restore(State state) {
    edges.addAll(state.edges);
    state.untried.stream().map(edges::get).forEach(untried::add);
    lastViews = state.lastViews;
    measured = state.measured;
    taken = state.taken;
    open = state.open;
    doubtDrifted();
  }

  /** Takes in the keyframes that are new. */
  void learn() {
    List<Keyframe> all = keyframes.all();
    for (; taken < all.size(); taken++) {
      if (taken > 0) {
        open |= learn(all.get(taken), all);
      }
    }
    doubtDrifted();
  }

  /** Whether a loop was seen that the poses do not fit: time to {@link #optimise}. */
  boolean isOpen() {
    return open;
  }

  /** Old keyframes are believed again once the newest was measured against some. */
  private void doubtDrifted() {
    frontEnd.doubtBefore(measured == taken - 1 ? 0 : Math.max(0, taken - RECENT));
  }

  private boolean learn(Keyframe keyframe, List<Keyframe> all) {
    int last = keyframe.id() - 1;
    int old = Math.max(0, keyframe.id() - RECENT);
    PoseEdge odometry = measurements.odometry(all.get(last), keyframe);
    List<PoseEdge> views = views(keyframe, all.subList(0, old));
    List<PoseEdge> loops = views.stream().filter(view -> isConfirmed(view, views, all)).toList();
    lastViews = views;
    if (!loops.isEmpty()) {
      measured = keyframe.id();
    }
    edges.add(odometry);
    edges.addAll(loops);
    // Without a loop, what is measured is what tracking has used; the poses are as good.
    boolean contradicted =
        loops.stream().anyMatch(loop -> isContradicted(loop, all) || isContradicted(odometry, all));
    if (contradicted) {
      untried.addAll(loops);
    }
    return contradicted;
  }

  /** Whether the poses are farther from a measurement than its noise. */
  private static boolean isContradicted(PoseEdge edge, List<Keyframe> all) {
    SE3 from = all.get(edge.from()).worldFromCamera();
    return edge.chi2(from, all.get(edge.to()).worldFromCamera()) > OptimizedPoses.OUTLIER_CHI2;
  }

  private record Overlap(Keyframe keyframe, double share) {}

  /** Those that a keyframe overlaps where they are thought to be, the most first. */
  private Stream<Keyframe> overlapping(Keyframe keyframe, List<Keyframe> others) {
    return others.stream()
        .map(other -> new Overlap(other, frontEnd.overlap(keyframe, other)))
        .filter(overlap -> overlap.share > 0)
        .sorted(Comparator.comparingDouble(overlap -> -overlap.share))
        .map(Overlap::keyframe);
  }

  private Stream<PoseEdge> measure(Keyframe from, Keyframe to, SE3 worldFromTo) {
    return measurements.measure(from, to, worldFromTo, Kind.LOOP).stream();
  }

  /** What a keyframe says of loops: its pose relative to old keyframes, each by itself. */
  private List<PoseEdge> views(Keyframe keyframe, List<Keyframe> old) {
    List<PoseEdge> views = new ArrayList<>();
    overlapping(keyframe, old)
        .limit(REVISITED)
        .flatMap(other -> measure(other, keyframe, keyframe.worldFromCamera()))
        .forEach(views::add);
    Set<Integer> others = old.stream().map(Keyframe::id).collect(Collectors.toSet());
    views.forEach(view -> others.remove(view.from()));
    places.proposals(keyframe, others::contains).stream()
        .flatMap(proposal -> verified(proposal, keyframe, old.get(proposal.keyframeId())))
        .forEach(views::add);
    return views;
  }

  private Stream<PoseEdge> verified(PoseProposal proposal, Keyframe keyframe, Keyframe other) {
    SE3 proposed = other.worldFromCamera().times(proposal.cameraKeyframeFromCameraFrame());
    return measure(other, keyframe, proposed);
  }

  /** Whether another view of the same keyframe, or of the one before it, says the same. */
  private boolean isConfirmed(PoseEdge view, List<PoseEdge> views, List<Keyframe> all) {
    SE3 pose = all.get(view.to()).worldFromCamera();
    SE3 moved = newFromOld(view, all).times(pose);
    return Stream.concat(views.stream(), lastViews.stream())
        .filter(other -> !other.equals(view))
        .map(other -> moved.inverse().times(newFromOld(other, all).times(pose)))
        .anyMatch(
            difference ->
                difference.translationNorm() <= SAME_METRES
                    && difference.rotationAngle() <= SAME_RADIANS);
  }

  /** How the newer keyframe would have to move for an edge to fit. */
  private static SE3 newFromOld(PoseEdge edge, List<Keyframe> all) {
    return all.get(edge.from())
        .worldFromCamera()
        .times(edge.fromFromTo())
        .times(all.get(edge.to()).worldFromCamera().inverse());
  }

  /**
   * Where the keyframes belong by all that was measured. Measurements that do not fit the others
   * are forgotten.
   *
   * @return a move for every keyframe; empty if no loop is left that the poses do not fit, for
   *     without one the poses are as good as what was measured
   */
  List<PoseMove> optimise() {
    learn();
    List<Keyframe> all = keyframes.all();
    Solution solution = Solution.of(all, edges);
    List<PoseEdge> others = edges.stream().filter(edge -> !untried.contains(edge)).toList();
    Solution without = Solution.of(all, others);
    // Closing a cycle strains odometry by no more than one measurement's noise.
    boolean strained = solution.strain() - without.strain() > OptimizedPoses.OUTLIER_CHI2;
    Set<PoseEdge> kept = (strained ? without : solution).consistent();
    edges.retainAll(kept);
    boolean closes = untried.stream().anyMatch(kept::contains);
    untried.clear();
    open = false;
    return closes ? solution.poses.moves() : List.of();
  }

  private record Solution(List<PoseEdge> edges, OptimizedPoses poses) {
    static Solution of(List<Keyframe> keyframes, List<PoseEdge> edges) {
      PoseGraph graph = new PoseGraph();
      keyframes.forEach(keyframe -> graph.addNode(keyframe.id(), keyframe.worldFromCamera()));
      edges.forEach(graph::addEdge);
      return new Solution(edges, PoseGraphOptimizer.optimise(graph));
    }

    /** How far odometry has to give way. */
    double strain() {
      return IntStream.range(0, edges.size())
          .filter(edge -> edges.get(edge).kind() == Kind.ODOMETRY)
          .mapToDouble(edge -> poses.chi2()[edge])
          .sum();
    }

    Set<PoseEdge> consistent() {
      return IntStream.range(0, edges.size())
          .filter(edge -> edges.get(edge).kind() == Kind.ODOMETRY || !poses.isOutlier(edge))
          .mapToObj(edges::get)
          .collect(Collectors.toSet());
    }
  }
}
