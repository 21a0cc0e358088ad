package io.roomfield.slam.client;

import io.roomfield.slam.client.command.ChaosCommand;
import io.roomfield.slam.client.command.DemoCommand;
import io.roomfield.slam.client.command.DoctorCommand;
import io.roomfield.slam.client.command.EvalMeshCommand;
import io.roomfield.slam.client.command.EvalTrajectoryCommand;
import io.roomfield.slam.client.command.EvaluateCommand;
import io.roomfield.slam.client.command.MeshCommand;
import io.roomfield.slam.client.command.RelocaliseCommand;
import io.roomfield.slam.client.command.ReplayCommand;
import io.roomfield.slam.client.command.SaveMapCommand;
import io.roomfield.slam.client.command.SessionsCommand;
import io.roomfield.slam.client.command.ShareCommand;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The client's command line. */
@Command(
    name = "slam",
    description = "Streams RGB-D sequences to a Roomfield server and judges what comes back.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ReplayCommand.class,
      EvaluateCommand.class,
      RelocaliseCommand.class,
      DemoCommand.class,
      ChaosCommand.class,
      MeshCommand.class,
      SessionsCommand.class,
      SaveMapCommand.class,
      ShareCommand.class,
      EvalTrajectoryCommand.class,
      EvalMeshCommand.class,
      DoctorCommand.class
    })
public final class SlamCommand {
  private SlamCommand() {}

  /** Runs one command; exit code 0 is success, 1 an error, 2 wrong usage. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // figures read the same everywhere
    System.exit(commandLine().execute(args));
  }

  /** The parser with every command. */
  public static CommandLine commandLine() {
    return new CommandLine(new SlamCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(SlamCommand::explain);
  }

  /** What a person can mend is said in a line; anything else is a bug and keeps its stack trace. */
  private static int explain(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (failure instanceof IOException
        || failure instanceof IllegalArgumentException
        || failure instanceof SlamClientException) {
      command.getErr().println(command.getColorScheme().errorText(failure.getMessage()));
      return command.getCommandSpec().exitCodeOnExecutionException();
    }
    throw failure;
  }
}
