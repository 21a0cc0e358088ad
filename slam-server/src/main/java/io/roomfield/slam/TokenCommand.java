package io.roomfield.slam;

import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.access.TokenFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./slam token}: the bearer tokens that servers take. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Creates, revokes and lists the bearer tokens of a server's token file.")
public final class TokenCommand implements Runnable {
  private static final Pattern LIFETIME = Pattern.compile("([1-9]\\d{0,4})([dhm])");

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new TokenCommand())
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> explain(exception, commandLine));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing (expected: create, revoke or list)");
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a token and print it, this once; the file keeps a hash.")
  int create(
      @Option(names = "--principal", required = true, paramLabel = "NAME") String principal,
      @Option(
              names = "--expires",
              paramLabel = "30d",
              description = "From now: days (d), hours (h) or minutes (m); default: never.")
          String expires,
      @Option(names = "--file", required = true, paramLabel = "FILE", description = "Token file.")
          Path file)
      throws IOException {
    Optional<Duration> lifetime = Optional.ofNullable(expires).map(TokenCommand::duration);
    PrintWriter out = spec.commandLine().getOut();
    out.println(new TokenFile(file).create(principal, lifetime));
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Take a token out of the file; servers refuse it from their next call on.")
  int revoke(
      @Parameters(paramLabel = "ID", description = "As 'slam token list' shows it.") String id,
      @Option(names = "--file", required = true, paramLabel = "FILE", description = "Token file.")
          Path file)
      throws IOException {
    new TokenFile(file).revoke(id);
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Print id, principal and times of every token.")
  int list(
      @Option(names = "--file", required = true, paramLabel = "FILE", description = "Token file.")
          Path file)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    new TokenFile(file).describe().forEach(out::println);
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private static Duration duration(String text) {
    Matcher lifetime = LIFETIME.matcher(text);
    if (!lifetime.matches()) {
      throw new InvalidValueException("--expires", text, "as 30d, 12h or 15m");
    }
    long count = Long.parseLong(lifetime.group(1));
    return switch (lifetime.group(2)) {
      case "d" -> Duration.ofDays(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofMinutes(count);
    };
  }

  private static int explain(Exception e, CommandLine commandLine) throws Exception {
    switch (e) {
      case NoSuchFileException missing ->
          commandLine.getErr().println("token: " + missing.getFile() + ": no such file");
      case IOException _, IllegalArgumentException _ ->
          commandLine.getErr().println("token: " + e.getMessage());
      default -> throw e;
    }
    return commandLine.getCommandSpec().exitCodeOnExecutionException();
  }
}
