package io.roomfield.slam.relocalisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.roomfield.datasets.PartialCalibration;
import io.roomfield.datasets.ReplicaReader;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.datasets.ScanNetReader;
import io.roomfield.datasets.TumReader;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.DepthPreprocessor;
import io.roomfield.slam.ingest.FrameDecoder;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On recordings, where they are: every tenth frame is a keyframe, others are drawn at random. */
class SharedClipsRelocalisationTest {
  private static final int FRAMES = 40;
  private static final int STRIDE = 10;
  private static final int QUERIES = FRAMES / STRIDE;

  /** The best proposals that a caller would have verified. */
  private static final int VERIFIED = 3;

  private static final double POSITION_METRES = 0.05;
  private static final double ROTATION_DEGREES = 2;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scannet-office-a",
        "tum-fr3-structure-notexture-a",
        "tum-icl-office-kt3",
        "replica-house-living"
      })
  void everyDrawnFrameFindsItsPlace(String name) throws IOException {
    RgbdDataset clip = read(name);
    List<RgbdEntry> posed =
        clip.frames().stream().filter(frame -> frame.worldFromCamera().isPresent()).toList();
    Relocaliser relocaliser = relocaliser(clip, posed);
    SplittableRandom random = new SplittableRandom(5);
    for (int query = 0; query < QUERIES; query++) {
      RgbdEntry entry = posed.get(STRIDE * query + random.nextInt(1, STRIDE));
      OrbFeatures features = relocaliser.features(load(clip, entry));
      SE3 truth = entry.worldFromCamera().orElseThrow();
      assertThat(relocaliser.propose(features, _ -> true).stream().limit(VERIFIED))
          .as("%s, frame %d", name, entry.index())
          .anyMatch(proposal -> right(proposal, posed, truth));
    }
  }

  @Test
  void framesOfOtherPlacesAreNotRecognised() throws IOException {
    RgbdDataset office = read("scannet-office-a");
    Relocaliser relocaliser = relocaliser(office, office.frames());
    for (String name : List.of("tum-icl-office-kt3", "replica-house-living")) {
      RgbdDataset elsewhere = read(name);
      for (int at = 0; at < FRAMES; at += 2 * STRIDE) {
        OrbFeatures features = relocaliser.features(load(elsewhere, elsewhere.frames().get(at)));
        assertThat(relocaliser.propose(features, _ -> true)).as("%s, frame %d", name, at).isEmpty();
      }
    }
  }

  private static Relocaliser relocaliser(RgbdDataset clip, List<RgbdEntry> frames)
      throws IOException {
    KeyframeIndex index = new KeyframeIndex();
    Relocaliser relocaliser = new Relocaliser(clip.camera(), index);
    for (int at = 0; at < FRAMES; at += STRIDE) {
      index.add(at, relocaliser.features(load(clip, frames.get(at))));
    }
    return relocaliser;
  }

  private static boolean right(PoseProposal proposal, List<RgbdEntry> posed, SE3 truth) {
    SE3 keyframe = posed.get(proposal.keyframeId()).worldFromCamera().orElseThrow();
    SE3 error = truth.inverse().times(keyframe).times(proposal.cameraKeyframeFromCameraFrame());
    return error.translationNorm() < POSITION_METRES
        && Math.toDegrees(error.rotationAngle()) < ROTATION_DEGREES;
  }

  private static RgbdFrame load(RgbdDataset clip, RgbdEntry entry) throws IOException {
    ColourImage colour = entry.colour().load();
    DepthImage depth = entry.depth().load();
    RgbdFrame.EncodedImages images =
        new RgbdFrame.EncodedImages(
            colour.getEncodingValue(),
            colour.getData().toByteArray(),
            depth.getEncodingValue(),
            depth.getData().toByteArray());
    return DepthPreprocessor.process(
        new FrameDecoder(clip.camera(), clip.depthScale())
            .decode(entry.index(), entry.timestampNanos(), images));
  }

  private static RgbdDataset read(String name) throws IOException {
    String given = System.getenv("ROOMFIELD_DATA");
    Path data =
        given != null
            ? Path.of(given)
            : Path.of(System.getProperty("roomfield.root", ".."), "..", "shared", "data");
    Path folder = data.resolve(name);
    assumeTrue(
        Files.isDirectory(folder),
        () -> "shared clip %s not found in %s (set ROOMFIELD_DATA)".formatted(name, data));
    if (name.startsWith("tum")) {
      return TumReader.read(folder, PartialCalibration.NONE);
    }
    return name.startsWith("scannet")
        ? ScanNetReader.read(folder, PartialCalibration.NONE)
        : ReplicaReader.read(folder, PartialCalibration.NONE);
  }
}
