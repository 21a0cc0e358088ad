package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FootprintTest {
  @ParameterizedTest
  @EnumSource(Footprint.Kind.class)
  void runsRoundOnceCounterClockwise(Footprint.Kind kind) {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20; i++) {
      Footprint footprint = Footprint.create(kind, random);
      double turn = 0;
      for (int corner = 0; corner < footprint.walls(); corner++) {
        turn += footprint.turn(corner);
      }
      assertThat(turn).isCloseTo(2 * Math.PI, within(1e-9)); // rounding
      assertThat(footprint.area()).isBetween(4.0, 70.0);
    }
  }

  @ParameterizedTest
  @EnumSource(Footprint.Kind.class)
  void theRoomIsToTheLeftOfEveryWall(Footprint.Kind kind) {
    SplittableRandom random = new SplittableRandom(2);
    Footprint footprint = Footprint.create(kind, random);
    for (int wall = 0; wall < footprint.walls(); wall++) {
      double middle = footprint.length(wall) / 2;
      double[] inside = footprint.worldFromWall(wall).apply(middle, 0.01, 0);
      double[] outside = footprint.worldFromWall(wall).apply(middle, -0.01, 0);
      assertThat(footprint.contains(inside[0], inside[1])).isTrue();
      assertThat(footprint.contains(outside[0], outside[1])).isFalse();
    }
  }
}
