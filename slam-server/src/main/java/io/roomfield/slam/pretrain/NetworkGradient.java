package io.roomfield.slam.pretrain;

import io.roomfield.slam.field.Decoder;
import java.util.Arrays;
import java.util.List;

/** The gradient of a few networks' weights, an array a network. */
final class NetworkGradient {
  private final float[][] weights;

  NetworkGradient(List<Decoder> networks) {
    weights = new float[networks.size()][];
    Arrays.setAll(weights, i -> new float[networks.get(i).weights().length]);
  }

  /** Of the network with this number; not a copy. */
  float[] of(int network) {
    return weights[network];
  }

  void clear() {
    for (float[] w : weights) {
      Arrays.fill(w, 0f);
    }
  }

  void add(NetworkGradient other) {
    for (int n = 0; n < weights.length; n++) {
      add(n, other.weights[n]);
    }
  }

  /** Adds to one network's gradient. */
  void add(int network, float[] gradient) {
    float[] to = weights[network];
    for (int i = 0; i < to.length; i++) {
      to[i] += gradient[i];
    }
  }
}
