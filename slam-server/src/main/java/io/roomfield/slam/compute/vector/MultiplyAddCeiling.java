package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.LANES;
import static io.roomfield.slam.compute.vector.Tile.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** What one core can do at most: independent fused multiply-adds on registers, nothing else. */
public final class MultiplyAddCeiling {
  private static final int CHAINS = 12;
  private static final int STEPS = 2_000_000;
  private static final int WARM_UPS = 20;
  private static final int RUNS = 15;
  private static final double NANOS = 1e9;

  private MultiplyAddCeiling() {}

  /** The best of several runs on this thread, GFLOP/s in float32 (a multiply-add counts two). */
  public static double measure() {
    double best = 0;
    float sink = 0;
    for (int run = 0; run < WARM_UPS + RUNS; run++) {
      long start = System.nanoTime();
      sink += chains(STEPS);
      double seconds = (System.nanoTime() - start) / NANOS;
      if (run >= WARM_UPS) {
        best = Math.max(best, 2.0 * CHAINS * LANES * STEPS / seconds / NANOS);
      }
    }
    if (Float.isNaN(sink)) {
      throw new IllegalStateException("the chains diverged");
    }
    return best;
  }

  private static float chains(int steps) {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector y = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector a = y;
    FloatVector b = y;
    FloatVector c = y;
    FloatVector d = y;
    FloatVector e = y;
    FloatVector f = y;
    FloatVector g = y;
    FloatVector h = y;
    FloatVector i = y;
    FloatVector j = y;
    FloatVector k = y;
    FloatVector l = y;
    for (int step = 0; step < steps; step++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
    return sum.add(g).add(h).add(i).add(j).add(k).add(l).reduceLanes(VectorOperators.ADD);
  }
}
