package io.roomfield.slam;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.roomfield.slam.ingest.FrameDecoder;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of docs/architecture: stages know the shared packages, and only session knows stages.
 */
class ArchitectureTest {
  private static final String ROOT = "io.roomfield.slam.";
  private static final String[] STAGES = {
    ROOT + "ingest..",
    ROOT + "tracking..",
    ROOT + "relocalisation..",
    ROOT + "mapping..",
    ROOT + "meshing..",
    ROOT + "query.."
  };

  private static final String[] SHARED = {
    ROOT + "config..",
    ROOT + "compute..",
    ROOT + "field..",
    ROOT + "optim..",
    ROOT + "render..",
    ROOT + "fusion..",
    ROOT + "isosurface..",
    ROOT + "alignment..",
    ROOT + "posegraph.."
  };

  /** The data that session passes from stage to stage; all that a stage may see of another. */
  private static final Set<Class<?>> PASSED_ON =
      Set.of(
          RgbdFrame.class,
          RgbdFrame.EncodedImages.class,
          TrackingResult.class,
          TrackingStatus.class,
          MapSnapshot.class,
          Keyframe.class,
          KeyframeStore.class);

  private static final JavaClasses MAIN_CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.roomfield.slam");

  @ParameterizedTest
  @ValueSource(strings = {"ingest", "tracking", "relocalisation", "mapping", "meshing", "query"})
  void stagesSeeOnlyTheDataOfOthers(String stage) {
    seesOnlyDataOfOthers(stage).check(MAIN_CLASSES);
  }

  @Test
  void stagesKnowNothingAboveThem() {
    noClasses()
        .that()
        .resideInAnyPackage(STAGES)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "session..", ROOT + "rpc..")
        .check(MAIN_CLASSES);
  }

  @Test
  void sharedPackagesKnowNoStage() {
    noClasses()
        .that()
        .resideInAnyPackage(SHARED)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(STAGES).or(resideInAnyPackage(ROOT + "session..", ROOT + "rpc..")))
        .check(MAIN_CLASSES);
  }

  /** Who may do what is decided before the engine is reached, and without it. */
  @Test
  void accessKnowsNoSessionAndNoStageKnowsIt() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "access..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "session..", ROOT + "rpc..")
        .check(MAIN_CLASSES);
    noClasses()
        .that(resideInAnyPackage(STAGES).or(resideInAnyPackage(SHARED)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "access..")
        .check(MAIN_CLASSES);
  }

  @Test
  void sessionDoesNotKnowTheWire() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "session..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "rpc..", ROOT + "v1..")
        .check(MAIN_CLASSES);
  }

  /** Ground truth comes with the readers; it must never reach the service. */
  @Test
  void onlyPretrainingReadsDatasets() {
    noClasses()
        .that(not(resideInAPackage(ROOT + "pretrain..")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.roomfield.datasets..", ROOT + "pretrain..")
        .check(MAIN_CLASSES);
  }

  /**
   * The decoder alone reads the numbers of the API's image encodings, and pretraining reads
   * recordings, which hold images as the API encodes them.
   */
  @Test
  void onlyRpcSpeaksTheApi() {
    noClasses()
        .that(
            not(resideInAnyPackage(ROOT + "rpc..", ROOT + "v1..", ROOT + "pretrain.."))
                .and(not(named(FrameDecoder.class))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "v1..", "io.grpc..", "com.linecorp.armeria..")
        .check(MAIN_CLASSES);
  }

  private static ArchRule seesOnlyDataOfOthers(String stage) {
    DescribedPredicate<JavaClass> otherStage =
        resideInAnyPackage(STAGES).and(not(resideInAPackage(ROOT + stage + "..")));
    DescribedPredicate<JavaClass> passedOn =
        describe(
            "data that session passes on",
            type -> PASSED_ON.stream().anyMatch(type::isEquivalentTo));
    return noClasses()
        .that()
        .resideInAPackage(ROOT + stage + "..")
        .should()
        .dependOnClassesThat(otherStage.and(not(passedOn)));
  }

  /** A class, with the synthetic ones that the compiler makes of its switches. */
  private static DescribedPredicate<JavaClass> named(Class<?> type) {
    return describe(type.getSimpleName(), c -> c.getName().startsWith(type.getName()));
  }
}
