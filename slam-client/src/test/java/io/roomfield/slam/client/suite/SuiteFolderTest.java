package io.roomfield.slam.client.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.datasets.RgbdDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteFolderTest {
  @TempDir Path suite;

  @Test
  void eachSubFolderIsAClip() throws IOException {
    ReplicaClip.write(suite.resolve("hall"), 3);
    ReplicaClip.write(suite.resolve("desk"), 1);
    Files.createDirectory(suite.resolve(".hidden"));
    Files.writeString(suite.resolve("README.md"), "clips");
    List<RgbdDataset> clips = SuiteFolder.clips(suite, List.of(), 2);
    assertThat(clips).extracting(RgbdDataset::name).containsExactly("desk", "hall");
    assertThat(clips).extracting(clip -> clip.frames().size()).containsExactly(1, 2);
  }

  @Test
  void onlyTheClipsAskedForAreLookedAt() throws IOException {
    ReplicaClip.write(suite.resolve("hall"), 1);
    Files.createDirectory(suite.resolve("notes"));
    assertThat(SuiteFolder.clips(suite, List.of("hall"), 1)).hasSize(1);
    assertThatThrownBy(() -> SuiteFolder.clips(suite, List.of("hall", "attic"), 1))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("no clip attic (expected: one of [hall, notes])");
  }

  @Test
  void aFolderThatIsNoClipIsAnError() throws IOException {
    Files.createDirectory(suite.resolve("notes"));
    assertThatThrownBy(() -> SuiteFolder.clips(suite, List.of(), 1))
        .hasMessageContaining("notes: layout not recognised (expected one of: ");
  }

  @Test
  void aSuiteHasClips() {
    assertThatThrownBy(() -> SuiteFolder.clips(suite, List.of(), 1))
        .hasMessageEndingWith("no clips (expected: a folder for each)");
    assertThatThrownBy(() -> SuiteFolder.clips(suite.resolve("nowhere"), List.of(), 1))
        .hasMessageContaining("no such folder");
  }
}
