package io.roomfield.slam.compute.cuda;

import io.roomfield.slam.field.FieldLevel;

/** Where a backward pass adds the gradient of the map, on the device. */
interface GradientTarget {
  /** Keeps nothing: for gradients of poses alone. */
  GradientTarget NONE =
      new GradientTarget() {
        @Override
        public long table(FieldLevel level) {
          return 0;
        }

        @Override
        public long weights(FieldLevel level) {
          return 0;
        }
      };

  /** Address of a level's table of fixed-point gradients by block number; 0 keeps none. */
  long table(FieldLevel level);

  /** Address of the gradient {@code [weightCount]} of a level's weights; 0 keeps none. */
  long weights(FieldLevel level);

  /** Gives what must happen on the device before it sums. */
  default void start(Workspace work) {}

  /** Called when the device has summed: brings what the host asked for. */
  default void finish() {}
}
