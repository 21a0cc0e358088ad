package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFilesTest {
  @TempDir Path folder;

  @Test
  void earlierFilesStayUntilAllAreWhole() throws IOException {
    Path weights = Files.writeString(folder.resolve("weights"), "earlier");
    StagedFiles files = new StagedFiles(folder);
    Path part = files.stage("weights");
    Files.writeString(part, "new");
    assertThat(weights).hasContent("earlier");
    files.publish();
    assertThat(weights).hasContent("new");
    assertThat(part).doesNotExist();
  }
}
