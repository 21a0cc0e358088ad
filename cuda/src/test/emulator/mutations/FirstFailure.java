import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes up to the first test that fails, and prints its name: run.sh's. */
class FirstFailure implements TestExecutionListener {
  private int ran;

  public static void main(String[] classes) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
            .build();
    FirstFailure listener = new FirstFailure();
    LauncherFactory.create().execute(request, listener);
    System.out.println("passed " + listener.ran);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    ran += test.isTest() ? 1 : 0;
    if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
      System.out.println("failed " + name(test));
      result.getThrowable().ifPresent(Throwable::printStackTrace);
      System.out.flush();
      Runtime.getRuntime().halt(1);
    }
  }

  private static String name(TestIdentifier test) {
    String of =
        switch (test.getSource().orElse(null)) {
          case MethodSource method -> simple(method.getClassName()) + "." + method.getMethodName();
          case ClassSource type -> simple(type.getClassName());
          case null, default -> test.getDisplayName();
        };
    return of;
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
