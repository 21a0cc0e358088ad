package io.roomfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build's check of what the kernels take: cuda/build/resources.awk. */
class KernelResourcesTest {
  private static final String RENDER =
      """
      ptxas info    : Compiling entry function 'render' for 'sm_86'
      ptxas info    : Function properties for render
          16 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
      ptxas info    : Used 40 registers, used 1 barriers, 16 bytes cumulative stack size, 1024 bytes smem, 388 bytes cmem[0]
      """;

  @TempDir private Path folder;

  @BeforeEach
  void allowForty() throws IOException {
    limits("*\t*\t40\t1024\tany\n");
  }

  @Test
  void listsRegistersSharedMemoryAndStack() throws IOException, InterruptedException {
    assertThat(check(RENDER))
        .isEqualTo(
            "kernel\ttarget\tregisters\tshared_bytes\tstack_bytes\nrender\tsm_86\t40\t1024\t16\n0");
  }

  @Test
  void refusesSpilledRegistersEvenOfAFunctionThatAKernelCalls()
      throws IOException, InterruptedException {
    String spilling = RENDER.replace("0 bytes spill loads", "12 bytes spill loads");
    assertThat(check(spilling))
        .contains("render for sm_86 spills registers: 0 bytes stored, 12 loaded (expected: none)")
        .endsWith("1");
    String callee =
        """
        ptxas info    : Function properties for encode
            0 bytes stack frame, 8 bytes spill stores, 0 bytes spill loads
        """;
    assertThat(check(RENDER + callee)).contains("encode for sm_86 spills").endsWith("1");
  }

  @Test
  void refusesMoreThanTheLimits() throws IOException, InterruptedException {
    limits("*\t*\t255\t49152\tany\nrender\t*\t39\t1023\tfour blocks fit\n");
    assertThat(check(RENDER))
        .contains("render for sm_86 takes 40 registers (expected: at most 39, four blocks fit)")
        .contains("1024 bytes of static shared memory (expected: at most 1023, four blocks fit)")
        .endsWith("1");
  }

  @Test
  void theMostParticularLimitDecides() throws IOException, InterruptedException {
    limits("*\t*\t1\t0\ta\nrender\t*\t1\t0\tb\nrender\tsm_86\t40\t1024\tc\n");
    assertThat(check(RENDER)).endsWith("0");
    limits("*\t*\t40\t1024\ta\n*\tsm_86\t30\t1024\tb\n");
    assertThat(check(RENDER)).contains("at most 30, b").endsWith("1");
  }

  @Test
  void refusesLimitsOfKernelsThatAreGoneAndOutputThatItDoesNotUnderstand()
      throws IOException, InterruptedException {
    assertThat(check("")).contains("ptxas told of no kernel").endsWith("1");
    assertThat(check(RENDER.lines().findFirst().orElseThrow() + "\n"))
        .contains("ptxas told no registers of render for sm_86")
        .endsWith("1");
    limits("*\t*\t40\t1024\tany\nrendre\t*\t40\t1024\tgone\n");
    assertThat(check(RENDER)).contains("there is no kernel 'rendre'").endsWith("1");
  }

  private void limits(String rows) throws IOException {
    Files.writeString(folder.resolve("limits.tsv"), rows);
  }

  /** What the script says of such a log of the compiler, and its exit code at the end. */
  private String check(String log) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("kernels.log"), log);
    Path script = Path.of(System.getProperty("roomfield.root"), "cuda/build/resources.awk");
    Process process =
        new ProcessBuilder("awk", "-v", "limits=limits.tsv", "-f", script.toString(), "kernels.log")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return said + process.waitFor();
  }
}
