package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.Decoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Optimises networks: every step, each worker gives the gradient of an episode of its own, the sum
 * moves the weights. What was learnt is looked at from time to time on rooms that no worker sees,
 * and the weights that did best there are kept. The number of workers is part of the recipe and not
 * of the machine, so a run repeats bit for bit wherever vectors have the same width.
 */
final class Training {
  private static final int STEPS_PER_ROW = 50;

  private final List<Decoder> networks;
  private final List<? extends TrainingWorker> workers;
  private final Supplier<Validation> validation;
  private final TrainingLog log;

  /**
   * What validation said.
   *
   * @param score the less, the better
   * @param figures by name
   */
  record Validation(double score, Map<String, Double> figures) {}

  /**
   * The weights that were kept.
   *
   * @param step after which they were looked at
   * @param validation what it said
   */
  record Checkpoint(int step, Validation validation) {}

  /**
   * How long, and how fast.
   *
   * @param workers whose gradients a step adds up
   * @param steps in all
   * @param rate of Adam at the beginning
   * @param validations evenly spread, the last at the end; one a step if there are fewer steps
   */
  record Schedule(int workers, int steps, double rate, int validations) {
    Schedule withSteps(int newSteps) {
      return new Schedule(workers, newSteps, rate, validations);
    }

    boolean validatesAfter(int step) {
      return validationsUpTo(step) > validationsUpTo(step - 1);
    }

    private long validationsUpTo(int step) {
      return (long) validations * step / steps;
    }
  }

  Training(
      List<Decoder> networks,
      List<? extends TrainingWorker> workers,
      Supplier<Validation> validation,
      TrainingLog log) {
    this.networks = networks;
    this.workers = workers;
    this.validation = validation;
    this.log = log;
  }

  /**
   * Trains in place; at the end the networks hold the weights of the best validation.
   *
   * @throws IllegalStateException if no validation's score was a number
   */
  Checkpoint run(Schedule schedule, ComputeBackend backend) {
    NetworkOptimizer optimizer = new NetworkOptimizer(networks, schedule.rate());
    List<NetworkGradient> gradients = new ArrayList<>();
    workers.forEach(worker -> gradients.add(new NetworkGradient(networks)));
    Checkpoint best = new Checkpoint(0, new Validation(Double.POSITIVE_INFINITY, Map.of()));
    List<float[]> bestWeights = weights();
    Map<String, Double> sums = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(threadCount())) {
      for (int step = 1; step <= schedule.steps(); step++) {
        addUp(step(threads, gradients), sums);
        for (int i = 1; i < gradients.size(); i++) {
          gradients.getFirst().add(gradients.get(i));
        }
        optimizer.step(gradients.getFirst(), step / (double) schedule.steps(), backend);
        int summed = (step - 1) % STEPS_PER_ROW + 1;
        if (summed == STEPS_PER_ROW || step == schedule.steps()) {
          sums.replaceAll((name, sum) -> sum / (summed * workers.size()));
          log.training(step, schedule.steps(), sums);
          sums.clear();
        }
        if (schedule.validatesAfter(step)) {
          Validation now = validation.get();
          log.validation(step, schedule.steps(), now);
          if (now.score() < best.validation().score()) {
            best = new Checkpoint(step, now);
            bestWeights = weights();
          }
        }
      }
    }
    if (best.step() == 0) {
      throw new IllegalStateException(
          "training: no validation gave a score (expected: a finite number)");
    }
    restore(bestWeights);
    return best;
  }

  private int threadCount() {
    return Math.min(workers.size(), Runtime.getRuntime().availableProcessors());
  }

  /**
   * Every worker's losses of one step, in the workers' order; gradients are left in their places.
   */
  private List<Map<String, Double>> step(ExecutorService threads, List<NetworkGradient> gradients) {
    List<Future<Map<String, Double>>> running = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      TrainingWorker worker = workers.get(i);
      NetworkGradient gradient = gradients.get(i);
      gradient.clear();
      running.add(threads.submit(() -> worker.step(gradient)));
    }
    List<Map<String, Double>> losses = new ArrayList<>();
    for (Future<Map<String, Double>> one : running) {
      try {
        losses.add(one.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("training was interrupted", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a step of the training failed", e.getCause());
      }
    }
    return losses;
  }

  private static void addUp(List<Map<String, Double>> losses, Map<String, Double> sums) {
    losses.forEach(one -> one.forEach((name, loss) -> sums.merge(name, loss, Double::sum)));
  }

  private List<float[]> weights() {
    return networks.stream().map(network -> network.weights().clone()).toList();
  }

  private void restore(List<float[]> weights) {
    for (int n = 0; n < weights.size(); n++) {
      float[] to = networks.get(n).weights();
      System.arraycopy(weights.get(n), 0, to, 0, to.length);
    }
  }
}
