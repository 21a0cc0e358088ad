package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderWeights;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that want every weight to be 1, and are not sure. */
class TrainingTest {
  @TempDir private Path directory;
  private final StringWriter said = new StringWriter();
  private final ComputeBackend backend = new ScalarBackend();

  private static final class Toy implements TrainingWorker {
    private final Decoder network;
    private final SplittableRandom random;

    Toy(Decoder network, long seed) {
      this.network = network;
      random = new SplittableRandom(seed);
    }

    @Override
    public Map<String, Double> step(NetworkGradient networks) {
      double loss = 0;
      for (int i = 0; i < network.weights().length; i++) {
        double off = network.weights()[i] - 1;
        networks.of(0)[i] += (float) (off + 0.1 * random.nextGaussian());
        loss += off * off;
      }
      return Map.of("loss", loss);
    }

    @Override
    public void close() {}
  }

  private static Decoder network() {
    return DecoderWeights.random(new Decoder.Shape(0, 3, 8, 1, Decoder.NO_SKIP, 1), 1, 2);
  }

  private Training.Validation train(
      Decoder network, Supplier<Training.Validation> validation, Training.Schedule schedule) {
    List<Toy> workers = List.of(new Toy(network, 1), new Toy(network, 2));
    try (TrainingLog log =
        new TrainingLog(new PrintWriter(said), directory.resolve("curves.csv"))) {
      log.stage("toy");
      return new Training(List.of(network), workers, validation, log)
          .run(schedule, backend)
          .validation();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theWeightsOfTheBestValidationAreKept() {
    Decoder network = network();
    List<float[]> seen = new ArrayList<>();
    double[] scores = {3, 1, 2, 1};
    Training.Validation best =
        train(
            network,
            () -> {
              seen.add(network.weights().clone());
              return new Training.Validation(scores[seen.size() - 1], Map.of());
            },
            new Training.Schedule(1, 20, 0.1, 4));
    assertThat(seen).hasSize(4);
    assertThat(best.score()).isEqualTo(1);
    assertThat(network.weights()).isEqualTo(seen.get(1)).isNotEqualTo(seen.get(3));
  }

  @Test
  void validationsAreEvenlySpreadAndTheLastIsAtTheEnd() throws IOException {
    Decoder network = network();
    train(network, () -> new Training.Validation(1, Map.of("a", 2.5)), schedule(10, 3));
    assertThat(Files.readAllLines(directory.resolve("curves.csv")))
        .filteredOn(line -> line.contains("validation"))
        .extracting(line -> line.substring(line.indexOf(',')))
        .containsExactly(
            ",toy,validation,4,a,2.5",
            ",toy,validation,4,score,1.0",
            ",toy,validation,7,a,2.5",
            ",toy,validation,7,score,1.0",
            ",toy,validation,10,a,2.5",
            ",toy,validation,10,score,1.0");
  }

  private static Training.Schedule schedule(int steps, int validations) {
    return new Training.Schedule(1, steps, 0.1, validations);
  }

  @Test
  void trainingLearnsAndRepeatsBitForBit() throws IOException {
    Decoder first = network();
    Decoder second = network();
    train(first, () -> validated(first), schedule(100, 2));
    List<String> curves = Files.readAllLines(directory.resolve("curves.csv"));
    train(second, () -> validated(second), schedule(100, 2));
    assertThat(first.weights()).isEqualTo(second.weights()).isNotEqualTo(network().weights());
    // Steps of up to 0.1, a hundred of them, towards weights that are at most 1.5 away.
    assertThat(validated(first).score()).isLessThan(0.2 * validated(network()).score());
    assertThat(curves.getFirst()).isEqualTo("seconds,stage,kind,step,name,value");
    // A row every 50 steps with the mean over steps and workers, and two a validation.
    assertThat(curves).hasSize(1 + 2 + 2 * 2);
    assertThat(loss(curves.get(1))).isGreaterThan(loss(curves.get(4)));
    assertThat(said.toString()).contains("toy 50/100").contains("score ");
  }

  private static double loss(String line) {
    assertThat(line).contains(",toy,training,").contains(",loss,");
    return Double.parseDouble(line.substring(line.lastIndexOf(',') + 1));
  }

  private static Training.Validation validated(Decoder network) {
    double sum = 0;
    for (float w : network.weights()) {
      sum += (w - 1) * (w - 1);
    }
    return new Training.Validation(sum, Map.of("error", sum));
  }

  @Test
  void whatGoesWrongInAWorkerComesOut() throws IOException {
    Decoder network = network();
    TrainingWorker failing =
        new TrainingWorker() {
          @Override
          public Map<String, Double> step(NetworkGradient networks) {
            throw new IllegalArgumentException("no room");
          }

          @Override
          public void close() {}
        };
    List<TrainingWorker> workers = List.of(new Toy(network, 1), failing);
    try (TrainingLog log =
        new TrainingLog(new PrintWriter(said), directory.resolve("curves.csv"))) {
      Training training = new Training(List.of(network), workers, () -> validated(network), log);
      assertThatThrownBy(() -> training.run(schedule(10, 1), backend))
          .isInstanceOf(IllegalStateException.class)
          .cause()
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no room");
    }
  }
}
