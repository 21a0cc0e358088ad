package io.roomfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists of what sums two numbers, of which the second is filled in, and brings the sum. */
class CommandListTest extends DeviceTest {
  private static final Grid ONE_BLOCK = new Grid(1, 1, 256, 256 * Double.BYTES);
  private static final int TWO = Float.floatToIntBits(2);
  private static final int THREE = Float.floatToIntBits(3);

  private KernelModule kernels;
  private DeviceBuffer terms;
  private DeviceBuffer total;
  private PinnedBuffer given;
  private PinnedBuffer result;

  @BeforeEach
  void prepare() {
    kernels = KernelModule.load(context);
    terms = DeviceBuffer.allocate(context, "terms", 2 * Float.BYTES);
    total = DeviceBuffer.allocate(context, "total", Double.BYTES);
    given = PinnedBuffer.allocate(context, "given", Float.BYTES);
    result = PinnedBuffer.allocate(context, "result", Double.BYTES);
  }

  @AfterEach
  void free() {
    result.close();
    given.close();
    total.close();
    terms.close();
    kernels.close();
  }

  private CommandList list(int filled, int count, Grid grid) {
    CommandList list = new CommandList();
    write(list, filled, count, grid);
    return list;
  }

  private void write(CommandList list, int filled, int count, Grid grid) {
    list.upload(given, terms, Float.BYTES);
    list.fill(terms, filled, 1, 1);
    list.arguments().buffer(terms).i32(count).buffer(total);
    list.launch(kernels.kernel("sum_terms"), grid);
    list.download(total, result, Double.BYTES);
  }

  @Test
  void givesWhatWasWrittenDownInItsOrder() {
    CommandList list = list(TWO, 2, ONE_BLOCK);
    given.floats().put(0, 5);
    list.giveTo(stream);
    stream.synchronize();
    assertThat(result.bytes().getDouble(0)).isEqualTo(7);
    List<String> launched = new ArrayList<>();
    list.giveTo(
        stream,
        (kernel, launch) -> {
          launched.add(kernel);
          launch.run();
        });
    stream.synchronize();
    assertThat(launched).containsExactly("sum_terms");
  }

  @Test
  void isKnownByAllThatItDoes() {
    CommandList list = list(TWO, 2, ONE_BLOCK);
    assertThat(list(TWO, 2, ONE_BLOCK).signature()).isEqualTo(list.signature());
    assertThat(list(THREE, 2, ONE_BLOCK).signature()).isNotEqualTo(list.signature());
    assertThat(list(TWO, 1, ONE_BLOCK).signature()).isNotEqualTo(list.signature());
    assertThat(list(TWO, 2, ONE_BLOCK.withShared(4096)).signature()).isNotEqualTo(list.signature());
    CommandList longer = list(TWO, 2, ONE_BLOCK);
    longer.fill(total, 0, 0, 1);
    assertThat(longer.signature()).isNotEqualTo(list.signature());
    longer.clear();
    write(longer, TWO, 2, ONE_BLOCK);
    assertThat(longer.signature()).as("after another use").isEqualTo(list.signature());
  }

  /** More than the first room for a signature: the parameters of 300 launches. */
  @Test
  void takesAnyNumberOfCommands() {
    CommandList list = new CommandList();
    for (int i = 0; i < 300; i++) {
      write(list, i % 2 == 0 ? THREE : TWO, 2, ONE_BLOCK);
    }
    given.floats().put(0, 5);
    list.giveTo(stream);
    stream.synchronize();
    assertThat(result.bytes().getDouble(0)).isEqualTo(7);
    assertThat(list.signature().remaining()).isGreaterThan(300 * Long.BYTES);
  }

  @Test
  void asAGraphDoesTheSame() {
    CommandList list = list(TWO, 2, ONE_BLOCK);
    given.floats().put(0, 5);
    list.giveTo(stream);
    try (CudaGraph graph = CudaGraph.capture(stream, () -> list.giveTo(stream))) {
      // The graph has copies of the parameters, and reads the memory of now.
      write(list, THREE, 1, ONE_BLOCK);
      given.floats().put(0, 6);
      graph.launch(stream);
      stream.synchronize();
      assertThat(result.bytes().getDouble(0)).isEqualTo(8);
    }
  }
}
