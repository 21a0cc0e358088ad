package io.roomfield.slam;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.access.TokenFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void createsListsAndRevokes() {
    String file = folder.resolve("tokens.json").toString();

    assertThat(run("create", "--principal", "alice", "--expires", "30d", "--file", file)).isZero();
    assertThat(out.toString()).startsWith(TokenFile.PREFIX).endsWith(System.lineSeparator());
    String line = output("list", "--file", file);
    assertThat(line).contains("alice").contains("expires");
    assertThat(output("revoke", line.split(" ", 2)[0], "--file", file)).isEmpty();
    assertThat(output("list", "--file", file)).isEmpty();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void mistakesAreOneLineAndExitCodeOne() {
    String file = folder.resolve("tokens.json").toString();

    assertThat(run("create", "--principal", "a", "--expires", "soon", "--file", file)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("token: --expires: soon (expected: as 30d, 12h or 15m)%n".formatted());
    assertThat(run("list", "--file", file)).isEqualTo(1);
    assertThat(err.toString()).contains("tokens.json: no such file");
    assertThat(run("revoke", "12345678", "--file", file)).isEqualTo(1);
    assertThat(run()).isEqualTo(CommandLine.ExitCode.USAGE);
  }

  private String output(String... arguments) {
    out.getBuffer().setLength(0);
    assertThat(run(arguments)).isZero();
    return out.toString();
  }

  private int run(String... arguments) {
    return TokenCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
