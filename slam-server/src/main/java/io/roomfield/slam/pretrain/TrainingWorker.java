package io.roomfield.slam.pretrain;

import java.util.Map;

/**
 * One of the workers that share a training step; each has episodes and a random stream of its own.
 */
interface TrainingWorker extends AutoCloseable {
  /**
   * Takes a step and adds the gradient of its loss.
   *
   * @return mean losses by name
   */
  Map<String, Double> step(NetworkGradient networks);

  @Override
  void close();
}
