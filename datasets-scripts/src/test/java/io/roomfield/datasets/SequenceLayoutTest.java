package io.roomfield.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequenceLayoutTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "intrinsic, SCANNET",
    "rgb.txt, TUM",
    "associations.txt, TUM",
    "traj.txt, REPLICA",
  })
  void aNameInTheFolderTells(String name, SequenceLayout layout) throws IOException {
    Files.createFile(folder.resolve(name));
    assertThat(SequenceLayout.of(folder)).contains(layout);
  }

  /** Replica's own download: the folder of the sequences holds their camera. */
  @Test
  void aFolderOfSequencesIsNoSequence() throws IOException {
    Files.createFile(folder.resolve("cam_params.json"));
    assertThat(SequenceLayout.of(folder)).isEmpty();
  }

  @Test
  void otherFoldersHaveNone() throws IOException {
    Files.createFile(folder.resolve("README.md"));
    assertThat(SequenceLayout.of(folder)).isEmpty();
    assertThatThrownBy(() -> SequenceLayout.require(folder))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("TUM with associations.txt, or rgb.txt")
        .hasMessageContaining("ScanNet with intrinsic/")
        .hasMessageContaining("Replica with traj.txt, results/");
  }

  @Test
  void aFolderThatIsNotThereIsSaidToBeSo() {
    assertThatThrownBy(() -> SequenceLayout.require(folder.resolve("nowhere")))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("no such folder");
  }
}
