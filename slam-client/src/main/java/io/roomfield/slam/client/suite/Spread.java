package io.roomfield.slam.client.suite;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;

/**
 * A figure over the seeds.
 *
 * @param runs that have it
 */
public record Spread(double mean, double min, double max, int runs) {
  /** Empty of no values. */
  static Optional<Spread> of(List<Double> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    DoubleSummaryStatistics all =
        values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    return Optional.of(new Spread(all.getAverage(), all.getMin(), all.getMax(), values.size()));
  }
}
