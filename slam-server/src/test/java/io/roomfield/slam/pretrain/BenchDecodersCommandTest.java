package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchDecodersCommandTest {
  @TempDir Path folder;

  @Test
  void anUnknownFamilyIsRefusedInOneLine() {
    assertThat(errorOf("--family", "other"))
        .isEqualTo("bench-decoders: family: other (expected: one of nice, compact, plain, imap)");
    assertThat(errorOf("--family", "imap"))
        .isEqualTo("bench-decoders: family: imap (expected: one with decoders of mid and fine)");
  }

  @Test
  void aFolderWithoutClipsIsRefused() {
    assertThat(errorOf())
        .isEqualTo(
            "bench-decoders: path: %s (expected: a folder with a clip in ScanNet, TUM or Replica layout)"
                .formatted(folder));
  }

  @Test
  void thereIsAtLeastOneSeed() {
    assertThat(errorOf("--seeds", "0")).isEqualTo("bench-decoders: seeds: 0 (expected: > 0)");
  }

  private String errorOf(String... options) {
    StringWriter err = new StringWriter();
    CommandLine commandLine = BenchDecodersCommand.commandLine().setErr(new PrintWriter(err));
    String[] all = new String[options.length + 4];
    all[0] = "--path";
    all[1] = folder.toString();
    all[2] = "--json";
    all[3] = folder.resolve("bench.json").toString();
    System.arraycopy(options, 0, all, 4, options.length);
    assertThat(commandLine.execute(all)).isEqualTo(1);
    return err.toString().strip();
  }
}
