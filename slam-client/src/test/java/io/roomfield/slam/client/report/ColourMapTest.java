package io.roomfield.slam.client.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ColourMapTest {
  @Test
  void turboFollowsItsPublishedTable() {
    // entries 32, 64, 128 and 192 of the table of 256 that the polynomial approximates
    assertTurbo(32, 70, 107, 227);
    assertTurbo(64, 40, 188, 235);
    assertTurbo(128, 164, 252, 60);
    assertTurbo(192, 251, 126, 33);
  }

  @Test
  void signedDifferencesAreWhiteAtZero() {
    assertThat(ColourMap.BLUE_WHITE_RED.rgb(0)).isEqualTo(0x0000ff);
    assertThat(ColourMap.BLUE_WHITE_RED.rgb(0.5)).isEqualTo(0xffffff);
    assertThat(ColourMap.BLUE_WHITE_RED.rgb(1)).isEqualTo(0xff0000);
    assertThat(ColourMap.BLUE_WHITE_RED.rgb(7)).isEqualTo(0xff0000);
  }

  private static void assertTurbo(int entry, int red, int green, int blue) {
    int rgb = ColourMap.TURBO.rgb(entry / 255.0);
    int tolerance = 20; // the published polynomial itself is up to 19 off at these entries
    assertThat(rgb >> 16).isCloseTo(red, within(tolerance));
    assertThat(rgb >> 8 & 0xff).isCloseTo(green, within(tolerance));
    assertThat(rgb & 0xff).isCloseTo(blue, within(tolerance));
  }
}
