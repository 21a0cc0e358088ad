package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TexturesTest {
  private static final Colour DARK = Colour.of(0x202020);
  private static final Colour LIGHT = Colour.of(0xe0e0e0);
  private static final List<Texture> ALL =
      List.of(
          new Textures.Mottle(DARK, LIGHT, 0.1, 1),
          new Textures.Wood(DARK, LIGHT, false, 1),
          new Textures.Planks(DARK, LIGHT, 0.1, 1),
          new Textures.Bricks(DARK, LIGHT, LIGHT, 1),
          new Textures.Checker(DARK, LIGHT, 0.1, 1),
          new Textures.Wallpaper(LIGHT, LIGHT.times(0.7), DARK, 1),
          new Textures.Picture(0.5, 0.5, 1),
          new Textures.Book(DARK, LIGHT, 0.2, 1));

  private static double green(Texture texture, double u, double v, double footprint) {
    return texture.colour(new SurfacePoint(u, 0, v, 0, 1, 0, footprint)).green();
  }

  @Test
  void everyTextureHasContrastForColourTracking() {
    for (Texture texture : ALL) {
      assertThat(spread(texture, 0.003)).as("%s", texture).isGreaterThan(0.05);
    }
  }

  @Test
  void detailFinerThanAPixelFades() {
    for (Texture texture : ALL.subList(0, 2)) {
      assertThat(spread(texture, 1)).as("%s", texture).isLessThan(1e-9); // no wave of it is seen
    }
    assertThat(spread(ALL.get(4), 1)).as("checker").isLessThan(1e-9);
  }

  private static double spread(Texture texture, double footprint) {
    SplittableRandom random = new SplittableRandom(4);
    double sum = 0;
    double squares = 0;
    int count = 2000;
    for (int i = 0; i < count; i++) {
      double u = random.nextDouble(-0.25, 0.25);
      double g = green(texture, u, random.nextDouble(-0.1, 0.1), footprint);
      sum += g;
      squares += g * g;
    }
    return Math.sqrt(Math.max(0, squares / count - sum / count * (sum / count)));
  }
}
