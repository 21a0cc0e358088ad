package io.roomfield.slam.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import org.slf4j.LoggerFactory;

/** How log lines look. */
public final class LogFormat {
  private static final String JSON = "logback-json.xml";

  /** Whoever names a file of his own has said how they look. */
  private static final String OWN_FILE = "logback.configurationFile";

  private LogFormat() {}

  /**
   * From now on each line is a JSON object, unless the process was started with a logback file of
   * its own.
   */
  public static void useJson() {
    if (System.getProperty(OWN_FILE) == null) {
      configure((LoggerContext) LoggerFactory.getILoggerFactory());
    }
  }

  static void configure(LoggerContext context) {
    URL file = LogFormat.class.getClassLoader().getResource(JSON);
    JoranConfigurator configurator = new JoranConfigurator();
    context.reset();
    configurator.setContext(context);
    try {
      configurator.doConfigure(file);
    } catch (JoranException e) {
      throw new IllegalStateException(JSON + ": cannot be read", e); // comes with the server
    }
  }
}
