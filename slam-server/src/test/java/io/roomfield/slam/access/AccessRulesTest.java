package io.roomfield.slam.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.roomfield.slam.v1.SlamProto;
import io.roomfield.slam.v1.SlamServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
  @Test
  void everyCallHasARuleAndEveryRuleACall() {
    assertThat(AccessRules.all().keySet())
        .containsExactlyInAnyOrderElementsOf(
            SlamServiceGrpc.getServiceDescriptor().getMethods().stream()
                .map(method -> method.getBareMethodName())
                .toList());
  }

  /** Of streams' requests it is the first that names the session. */
  @Test
  void whatNamesASessionNeedsARoleOnIt() {
    for (MethodDescriptor method :
        SlamProto.getDescriptor().findServiceByName("SlamService").getMethods()) {
      Descriptor request = method.getInputType();
      boolean namesASession =
          request.findFieldByName("session_id") != null || request.findFieldByName("start") != null;
      assertThat(AccessRules.of(method.getName()).role().isPresent())
          .as(method.getName())
          .isEqualTo(namesASession);
    }
  }

  @Test
  void aCallWithoutARuleIsNobodys() {
    assertThatThrownBy(() -> AccessRules.of("FormatDisk"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("FormatDisk: no access rule");
  }

  @Test
  void theDocumentationSaysTheSame() throws IOException {
    String docs =
        Files.readString(Path.of(System.getProperty("roomfield.root"), "docs", "security.md"));
    AccessRules.all()
        .forEach(
            (call, rule) ->
                assertThat(docs)
                    .contains(
                        "| `%s` | %s | %s |\n"
                            .formatted(
                                call,
                                rule.role()
                                    .map(role -> role.name().toLowerCase(Locale.ROOT))
                                    .orElse("signed in"),
                                rule.audited() ? "yes" : "")));
  }
}
