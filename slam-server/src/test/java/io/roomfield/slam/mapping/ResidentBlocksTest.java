package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.BlockTable;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.query.RenderedImage;
import io.roomfield.slam.query.ViewRenderer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A camera that walks through three rooms and back into the first, with a budget of half of their
 * map: the map is the one without a budget, to the bit.
 */
class ResidentBlocksTest {
  /** Far enough that no room is in view from another. */
  private static final double ROOM_METRES = 10;

  private static final int[] ROOMS = {0, 0, 1, 1, 2, 2, 0, 0};
  private static final int MANY_ROOMS = 6;
  private static final int FIRST_ITERATIONS = 10;
  private static final int ITERATIONS = 4;
  private static final float FAR_METRES = 4;

  private final ComputeBackend backend = SmallRoom.backend();

  @AfterEach
  void close() {
    backend.close();
  }

  /** A session's database, but in memory. */
  private static final class Written implements KeptMap {
    private final Map<String, MapBlock> places = new HashMap<>();
    private final Map<String, byte[]> contents = new HashMap<>();
    private final long budget;
    private long stamp;
    private int evicted;
    private int loaded;

    Written(long budget) {
      this.budget = budget;
    }

    private static String key(MapBlock.Part part, int number) {
      return part + " " + number;
    }

    /** What a checkpoint does. */
    void write(Mapper mapper) {
      long now = BlockTable.nextStamp();
      for (MapBlock block : mapper.blocksChangedAfter(stamp)) {
        places.put(key(block.part(), block.number()), block);
        contents.put(key(block.part(), block.number()), block.content());
      }
      stamp = now;
      mapper.written(now, this);
    }

    @Override
    public long budgetBytes() {
      return budget;
    }

    @Override
    public synchronized MapBlock block(MapBlock.Part part, int number) {
      loaded++;
      MapBlock at = places.get(key(part, number));
      return MapBlock.of(
          part, number, at.x(), at.y(), at.z(), at.anchor(), contents.get(key(part, number)));
    }

    @Override
    public synchronized void evicted(int blocks) {
      evicted += blocks;
    }
  }

  private Mapper mapper(String family, boolean encode) {
    return new Mapper(
        SmallRoom.mapping(FIRST_ITERATIONS, ITERATIONS, encode),
        new GridConfig(family, 2, 0.32, 0.16, 25, encode),
        SmallRoom.SETTINGS,
        SmallRoom.CAMERA,
        backend,
        SmallRoom.SEED);
  }

  private static SE3 pose(int step, int room) {
    SE3 worldFromRoom = SE3.fromRotationVector(0, 0, 0, ROOM_METRES * room, 0, 0);
    return worldFromRoom.times(SmallRoom.pose(2 * step));
  }

  private static void step(Mapper mapper, int step, int room) {
    SE3 pose = pose(step, room);
    mapper.map(mapper.keyframes().add(SmallRoom.frame(step, SmallRoom.pose(2 * step)), pose), pose);
  }

  /** Everything that is kept of a map. */
  private static Map<String, List<Object>> everything(Mapper mapper) {
    Map<String, List<Object>> all = new HashMap<>();
    for (MapBlock b : mapper.blocksChangedAfter(0)) {
      all.put(
          Written.key(b.part(), b.number()),
          List.of(b.x(), b.y(), b.z(), b.anchor(), ByteBuffer.wrap(b.content())));
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"compact, true", "plain, false"})
  void aWalkWithHalfOfItsMapInMemoryMakesTheSameMap(String family, boolean encode) {
    Mapper whole = mapper(family, encode);
    Written unlimited = new Written(Long.MAX_VALUE);
    long oneRoom = 0;
    for (int i = 0; i < ROOMS.length; i++) {
      step(whole, i, ROOMS[i]);
      unlimited.write(whole);
      oneRoom = ROOMS[i] == 0 && i < 2 ? whole.residentBytes() : oneRoom;
    }
    Written half = new Written(whole.residentBytes() / 2);
    Mapper mapper = mapper(family, encode);
    for (int i = 0; i < ROOMS.length; i++) {
      step(mapper, i, ROOMS[i]);
      half.write(mapper);
      // What the window of the next round brings back, and what it changes, is a room's at most.
      assertThat(mapper.residentBytes())
          .as("after step %d", i)
          .isBetween(1L, half.budget + oneRoom);
    }
    assertThat(half.budget + oneRoom).isLessThan(whole.residentBytes());
    assertThat(half.evicted).isPositive();
    assertThat(half.loaded).as("the first room was seen again").isPositive();
    assertThat(unlimited.evicted + unlimited.loaded).isZero();

    assertViewsAreTheSame(mapper, whole);
    Map<String, List<Object>> expected = everything(whole);
    Map<String, List<Object>> actual = everything(mapper);
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((key, of) -> assertThat(actual.get(key)).as(key).isEqualTo(of));
  }

  private void assertViewsAreTheSame(Mapper mapper, Mapper whole) {
    ViewRenderer renderer = new ViewRenderer(backend);
    for (int step : new int[] {0, 2, 4}) {
      RenderedImage image =
          renderer.render(
              mapper.map().orElseThrow(), SmallRoom.CAMERA, pose(step, ROOMS[step]), FAR_METRES);
      RenderedImage expected =
          renderer.render(
              whole.map().orElseThrow(), SmallRoom.CAMERA, pose(step, ROOMS[step]), FAR_METRES);
      assertThat(image.depthMetres()).as("step %d", step).isEqualTo(expected.depthMetres());
      assertThat(image.rgb()).as("step %d", step).isEqualTo(expected.rgb());
    }
  }

  private static long largestBlock(SceneField map) {
    int channels = Math.max(map.mid().channels(), map.colour().channels());
    return (long) Float.BYTES * FeatureGrid.BLOCK_VOXELS * channels;
  }

  /** As for a mesh of everything: what has come back makes room for what comes next. */
  @Test
  void whoeverReadsTheWholeMapStaysWithinTheBudget() {
    Mapper mapper = mapper("compact", true);
    Written little = new Written(1);
    for (int i = 0; i < MANY_ROOMS; i++) {
      step(mapper, i, i);
      little.write(mapper);
    }
    SceneField map = mapper.map().orElseThrow().field();
    long limit = mapper.residentBytes() + ResidentBlocks.LEAST * largestBlock(map);
    assertThat(map.bytes()).isGreaterThan(limit);
    for (FieldLevel level : new FieldLevel[] {FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR}) {
      FeatureGrid grid = map.grid(level);
      for (int block = 0; block < grid.blockCount(); block++) {
        assertThat(grid.block(block)).hasSize(FeatureGrid.BLOCK_VOXELS * grid.channels());
        assertThat(mapper.residentBytes()).isLessThanOrEqualTo(limit);
      }
    }
  }
}
