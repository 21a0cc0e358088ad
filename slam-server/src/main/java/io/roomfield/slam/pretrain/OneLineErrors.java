package io.roomfield.slam.pretrain;

import java.io.IOException;
import picocli.CommandLine;

/** Wrong values and unreadable files are told in one line; what else fails has its trace. */
final class OneLineErrors implements CommandLine.IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(exception instanceof IllegalArgumentException || exception instanceof IOException)) {
      throw exception;
    }
    commandLine.getErr().println(commandLine.getCommandName() + ": " + exception.getMessage());
    return commandLine.getCommandSpec().exitCodeOnExecutionException();
  }
}
