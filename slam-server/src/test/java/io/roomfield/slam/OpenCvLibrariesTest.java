package io.roomfield.slam;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenCvLibrariesTest {
  @Test
  void areThere() {
    OpenCvLibraries.load();
  }

  @Test
  void aMissingOneIsNamedWithWhatToInstall() {
    String missing = "libgtk-x11-2.0.so.0: cannot open shared object file";
    assertThatThrownBy(
            () ->
                OpenCvLibraries.load(
                    () -> {
                      throw new ExceptionInInitializerError(new UnsatisfiedLinkError(missing));
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(missing)
        .hasMessageContaining("libgtk2.0-0");
  }
}
