package dev.troupe.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Who may know whom. The verticles (router, batcher, the workers) meet only in the messages of {@code cluster}. */
class DependencyTableTest {
    private static final String ROOT = "dev.troupe.";

    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("cluster", Set.of()),
            Map.entry("store", Set.of("cluster")),
            Map.entry("models", Set.of("cluster")),
            Map.entry("cache", Set.of("cluster")),
            Map.entry("device", Set.of("cluster")),
            Map.entry("router", Set.of("cluster", "models", "cache", "store")),
            Map.entry("batcher", Set.of("cluster", "cache")),
            Map.entry("worker", Set.of("cluster", "models", "device")),
            Map.entry("image", Set.of("cluster", "models", "device")),
            Map.entry("bench", Set.of("cluster")),
            Map.entry(
                    "node",
                    Set.of(
                            "cluster", "store", "models", "cache", "device", "router", "batcher", "worker", "image",
                            "bench")));

    static final Set<String> MODULES = new TreeSet<>(MAY_USE.keySet());

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // A module's tests may travel as a jar.
            .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("/test-classes/"))
            .importPackages("dev.troupe");

    @ParameterizedTest
    @FieldSource("MODULES")
    void moduleUsesOnlyWhatTheTableAllows(String module) {
        Set<String> allowed = new TreeSet<>(MAY_USE.get(module));
        allowed.add(module);

        classes()
                .that()
                .resideInAPackage(ROOT + module + "..")
                .should()
                .onlyDependOnClassesThat(outsideTroupeOrIn(allowed))
                .check(ALL);
    }

    @Test
    void everyPackageBelongsToAModuleOfTheTable() {
        Set<String> found =
                ALL.stream().map(DependencyTableTest::module).collect(Collectors.toCollection(TreeSet::new));

        assertThat(found).isEqualTo(MODULES);
    }

    @Test
    void contextCacheKnowsNeitherVertxNorHazelcastButInOnePackage() {
        noClasses()
                .that()
                .resideInAPackage("dev.troupe.cache..")
                .and()
                .resideOutsideOfPackage("dev.troupe.cache.hazelcast..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..")
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("dev.troupe.cache..")
                .and()
                .resideOutsideOfPackage("dev.troupe.cache.hazelcast..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.hazelcast..", "dev.troupe.cache.hazelcast..")
                .check(ALL);
    }

    @Test
    void onlyStoreKnowsSql() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.troupe.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.flywaydb..", "com.zaxxer..")
                .check(ALL);
    }

    @Test
    void onlyDeviceAndTheWorkersKnowPyTorch() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.troupe.device..", "dev.troupe.worker..", "dev.troupe.image..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl.pytorch..", "ai.djl.ndarray..", "ai.djl.engine..")
                .check(ALL);
    }

    private static DescribedPredicate<JavaClass> outsideTroupeOrIn(Set<String> modules) {
        return DescribedPredicate.describe(
                "are not ours or belong to " + modules,
                type -> !type.getPackageName().startsWith(ROOT) || modules.contains(module(type)));
    }

    private static String module(JavaClass type) {
        return type.getPackageName().substring(ROOT.length()).split("\\.", 2)[0];
    }
}
