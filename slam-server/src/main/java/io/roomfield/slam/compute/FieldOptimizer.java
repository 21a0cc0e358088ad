package io.roomfield.slam.compute;

import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.render.FieldGradient;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Adam over the features that a mapping round may change, and over the colour decoder's weights. A
 * round is: {@link #begin}, per iteration {@link #prepare}, a backward pass that adds to {@link
 * #gradient}, {@link #step}; last {@link #finish}. Between the two ends the field may be where the
 * backend computes, so that no one but the backend may read it; a round that is begun before the
 * last one finished leaves nothing of that one, where it was there.
 *
 * <p>The published optimiser starts every round with fresh moments; where they are kept instead, a
 * block that has been seen before takes small steps (docs/adr/0007).
 */
public interface FieldOptimizer extends AutoCloseable {
  /** Where the backend adds an iteration's gradients. */
  FieldGradient gradient();

  /**
   * Starts a round.
   *
   * @param masks per level that may change and per block of its grid: eight words, a bit a vertex
   *     in the block's order, whether it may change; null where no vertex of the block may
   */
  void begin(Map<FieldLevel, long[][]> masks);

  /** Forgets the moments of blocks whose features did not come from its steps. */
  void forget(FieldLevel level, int[] blocks);

  /** Starts an iteration: from now on the gradients of these levels (and the decoder) are kept. */
  void prepare(Iterable<FieldLevel> optimised, boolean colourDecoder);

  /**
   * One step against the gathered gradients.
   *
   * @param rates learning rates of levels that were prepared
   * @param decoderRate that of the colour decoder, where it was prepared
   */
  void step(Map<FieldLevel, Double> rates, double decoderRate);

  /** Ends a round: the field has what its steps made of it. */
  void finish();

  /**
   * A copy of a block's moments, between rounds; empty where a round would begin with fresh ones.
   */
  Optional<Moments> moments(FieldLevel level, int block);

  /** The same of the colour decoder. */
  Optional<Moments> decoderMoments();

  /** Gives a block the moments that it had when they were kept, before the first round. */
  void restore(FieldLevel level, int block, Moments kept);

  /** The same for the colour decoder. */
  void restoreDecoder(Moments kept);

  /** Bytes that a block's moments take of the host's memory. */
  long bytes(FieldLevel level, int block);

  /**
   * Drops a block's moments from the host's memory, between rounds, until they are needed.
   *
   * @param elsewhere has them as they are, until a round changes them
   */
  void evict(FieldLevel level, int block, Supplier<Moments> elsewhere);

  @Override
  void close();
}
