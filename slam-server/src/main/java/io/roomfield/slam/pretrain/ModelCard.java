package io.roomfield.slam.pretrain;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.rooms.RoomSplit;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.SafetensorsFile;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What people should know of trained weights, after Mitchell et al., "Model cards for model
 * reporting" (2019). Every number comes from the run.
 */
final class ModelCard {
  private final PretrainSettings settings;
  private final Pretraining.Result result;
  private final DecoderFamily family;

  ModelCard(PretrainSettings settings, Pretraining.Result result) {
    this.settings = settings;
    this.result = result;
    family = result.family();
  }

  /** What the weight file says of itself: nothing that differs between two runs of a command. */
  Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("command", command());
    metadata.put("seed", Long.toString(settings.seed()));
    metadata.put("data", rooms());
    metadata.put("validation.geometry", figures(result.geometry()));
    metadata.put("validation.coarse", figures(result.coarse()));
    return metadata;
  }

  /**
   * The card in Markdown.
   *
   * @param hours that the run took
   * @param weightFile its bytes
   */
  String text(double hours, byte[] weightFile) {
    return String.join(
        "\n",
        head(weightFile),
        networks(),
        data(),
        training(hours),
        validation(
            "Validation of mid and fine", result.geometry(), GeometryValidation.description()),
        validation("Validation of coarse", result.coarse(), CoarseValidation.description()),
        use());
  }

  private String head(byte[] weightFile) {
    return """
        # %1$s: geometry decoders and encoders

        Networks that stay as they are while Roomfield maps: the encoders turn fused depth into grid features, the
        decoders turn features into occupancy. Trained from random weights by

            %2$s

        where DIR is any folder. The same command gives the same `%1$s.safetensors` on machines with vectors of the
        same width: the number of workers belongs to the recipe and not to the machine.

        SHA-256 of `%1$s.safetensors`: `%3$s`
        """
        .formatted(family.name(), command(), SafetensorsFile.sha256(weightFile));
  }

  private String networks() {
    Map<String, Decoder> trained = new LinkedHashMap<>();
    trained.put("coarse", family.coarse());
    trained.put("mid", family.mid());
    trained.put("fine", family.fine());
    trained.put("coarse encoder", family.coarseEncoder());
    trained.put("mid encoder", family.midEncoder());
    trained.put("fine encoder", family.fineEncoder());
    String rows =
        trained.entrySet().stream()
            .map(network -> row(network.getKey(), network.getValue().shape()))
            .collect(Collectors.joining());
    long midAndFine = family.mid().shape().multiplyAdds() + family.fine().shape().multiplyAdds();
    return """
        ## Networks

        A decoder is evaluated once a point, an encoder once a vertex of its grid. A point's occupancy is the sum of
        mid and fine: %d multiply-adds in dense layers, the encodings' not counted. The colour decoder is learnt while mapping; the file holds its shape alone.

        | network | encoding | inputs | width | blocks | outputs | weights | multiply-adds |
        |---|---|---|---|---|---|---|---|
        %s%s"""
        .formatted(midAndFine, rows, row("colour", family.colour()));
  }

  private static String row(String name, Decoder.Shape shape) {
    return "| %s | %d | %d | %d | %d | %d | %d | %d |\n"
        .formatted(
            name,
            shape.encodingSize(),
            shape.featureChannels(),
            shape.hidden(),
            shape.blocks(),
            shape.outputs(),
            3 * shape.encodingSize() + shape.weightCount(),
            shape.multiplyAdds());
  }

  private String data() {
    PinholeCamera camera = TrainingWalk.CAMERA;
    return String.format(
        Locale.ROOT,
        """
        ## Data

        No recording: %s. Walks of %d views, %dx%d pixels, focal length %s pixels; every other view is fused, the
        others are held out. Depth is kept in steps of %.1f mm and ends at %.2f m. Training and validation put every room
        under a random rigid transform, rotations among them, as the networks read world coordinates.
        Noise: %s.
        """,
        rooms(),
        TrainingWalk.VIEWS,
        camera.width(),
        camera.height(),
        camera.fx(),
        1000 * PackedDepth.RESOLUTION_METRES,
        PackedDepth.MAX_METRES,
        SensorNoise.description());
  }

  private String rooms() {
    return "%d procedural rooms to train on (seeds %s), %d walks each; %d to validate (seeds %s), one walk each"
        .formatted(
            settings.rooms(),
            seeds(RoomSplit.TRAINING, settings.rooms()),
            settings.walksPerRoom(),
            settings.validationRooms(),
            seeds(RoomSplit.VALIDATION, settings.validationRooms()));
  }

  private static String seeds(RoomSplit split, int rooms) {
    return "%d to %d".formatted(split.seed(0), split.seed(rooms - 1));
  }

  private String training(double hours) {
    return String.format(
        Locale.ROOT,
        """
        ## Training

        Preset `%s`: voxels of %s m (coarse), %s m (mid) and %s m (fine). A step adds up the gradients of
        its workers, each with an episode of its own. %s.

        | networks | workers | steps | rate |
        |---|---|---|---|
        | mid, fine and their encoders | %d | %d | %s |
        | coarse and its encoder | %d | %d | %s |

        Mid and fine: %s.

        Coarse: %s.

        The run took %.2f hours on a machine of %d cores (%s, Java %s); backend %s.
        """,
        Pretraining.PRESET,
        result.grid().coarseVoxel(),
        result.grid().midVoxel(),
        result.grid().fineVoxel(),
        NetworkOptimizer.description(),
        settings.geometry().workers(),
        settings.geometry().steps(),
        settings.geometry().rate(),
        settings.coarse().workers(),
        settings.coarse().steps(),
        settings.coarse().rate(),
        EpisodeWorker.description(settings.loss()),
        CoarseWorker.description(),
        hours,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.arch"),
        Runtime.version().feature(),
        result.backend());
  }

  private static String validation(
      String title, Training.Checkpoint checkpoint, String description) {
    String rows =
        checkpoint.validation().figures().entrySet().stream()
            .map(
                figure ->
                    String.format(
                        Locale.ROOT, "| %s | %.4f |\n", figure.getKey(), figure.getValue()))
            .collect(Collectors.joining());
    return String.format(
        Locale.ROOT,
        """
        ## %s

        The weights are those of step %d, whose score of %.4f was the lowest. The score: %s.

        | figure | value |
        |---|---|
        %s""",
        title,
        checkpoint.step(),
        checkpoint.validation().score(),
        description,
        rows);
  }

  private String use() {
    return """
        ## Intended use and limits

        For mapping with depth cameras indoors, by Roomfield, with grids of the voxels above.

        - No real recording was seen: what real sensors do beyond the noise above is unknown to the networks.
        - Rooms only: nothing of the outdoors, and no depth beyond %.2f m.
        - The figures above chose the weights, so new rooms may fare a little worse; `slam bench-decoders` measures
          on other rooms and on recordings.
        - What the coarse level says of unseen space is a guess.
        """
        .formatted(PackedDepth.MAX_METRES);
  }

  private String command() {
    return "./slam pretrain --family %s --seed %d --rooms %d --steps %d --coarse-steps %d --out DIR"
        .formatted(
            family.name(),
            settings.seed(),
            settings.rooms(),
            settings.geometry().steps(),
            settings.coarse().steps());
  }

  private static String figures(Training.Checkpoint checkpoint) {
    return "step %d: %s"
        .formatted(checkpoint.step(), TrainingLog.text(checkpoint.validation().figures()));
  }
}
