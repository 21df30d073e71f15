package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.host.command.CommandLine;
import dev.thanosgateway.host.command.Commands;
import dev.thanosgateway.host.command.Shell;
import dev.thanosgateway.host.command.UsageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code thanos models refresh} towards a catalogue of its own format: lines of an id and a price. */
class ModelRefreshTest {
    private static final String OLD = "big 1.0\nsmall 2.0\n";
    private static final String NEW = "big 1.5\nhuge 9.0\n";
    private static final String RULES = "# one\n[acme]\nbig | prefill=no\n";

    @TempDir
    Path root;

    private Path jar;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void install() throws Exception {
        jar = Files.createDirectories(root.resolve("plugins")).resolve("acme.jar");
        Fixture.bundle("test.catalog.acme", "1.2.3")
                .component("test.acme.C", null, "dev.thanosgateway.api.catalog.ModelCatalog")
                .source("test.acme.C", """
                        package test.acme;
                        import dev.thanosgateway.api.catalog.*;
                        import dev.thanosgateway.api.provider.Model;
                        import java.util.*;
                        public class C implements ModelCatalog {
                            private final List<CatalogModel> models = new ArrayList<>();
                            private final Map<String, String> defaults = new HashMap<>();
                            private java.time.LocalDate date = java.time.LocalDate.of(2026, 1, 31);
                            public C() throws java.io.IOException {
                                String text = new String(C.class.getResourceAsStream("models.txt").readAllBytes());
                                for (String line : text.split("\\n")) {
                                    String[] words = line.split(" ");
                                    if (words.length != 2) throw new java.io.IOException("no price of " + line);
                                    if (words[0].equals("date")) date = java.time.LocalDate.parse(words[1]);
                                    else if (words[0].equals("default")) defaults.put("acme", words[1]);
                                    else models.add(CatalogModel.of("acme", Model.builder(words[0])
                                            .pricing(Map.of("input", Double.valueOf(words[1]))).build()));
                                }
                            }
                            public java.time.LocalDate date() { return date; }
                            public Map<String, String> defaults() { return defaults; }
                            public List<CatalogModel> models() { return models; }
                        }
                        """)
                .entry("test/acme/models.txt", OLD.getBytes(StandardCharsets.UTF_8))
                .entry("test/acme/traits.txt", RULES.getBytes(StandardCharsets.UTF_8))
                .into(jar);
        Fixture.alpha("1.0.0", "beside").into(jar.resolveSibling("alpha.jar"));
    }

    private int run(String typed, String... words) throws Exception {
        out.reset();
        err.reset();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        Shell shell = new Shell(
                root.resolve("plugins"),
                root.resolve("state"),
                root,
                Map.of(),
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                printed,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                !typed.isEmpty(),
                interrupt -> {});
        return new Commands(shell).run(CommandLine.parse("1", words));
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String list(String name) throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            return new String(
                    file.getInputStream(file.getEntry("test/acme/" + name)).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String version() throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue("Bundle-Version");
        }
    }

    @Test
    void theDifferenceIsShownAndNothingIsAppliedUnasked() throws Exception {
        Files.writeString(root.resolve("new.txt"), NEW);

        assertThat(run("", "models", "refresh", "--from", "new.txt")).isEqualTo(1);

        assertThat(printed())
                .contains("+ acme/huge", "- acme/small", "~ acme/big", "price input: 1.0 -> 1.5", "Not applied");
        assertThat(list("models.txt")).isEqualTo(OLD);
        assertThat(version()).isEqualTo("1.2.3");
    }

    @Test
    void aYesAtATerminalAppliesItAndANoDoesNot() throws Exception {
        Files.writeString(root.resolve("new.txt"), NEW);

        assertThat(run("no\n", "models", "refresh", "--from", "new.txt")).isEqualTo(1);
        assertThat(list("models.txt")).isEqualTo(OLD);
        assertThat(run("y\n", "models", "refresh", "--from", "new.txt")).isZero();

        assertThat(list("models.txt")).isEqualTo(NEW);
        assertThat(list("traits.txt")).isEqualTo(RULES);
        assertThat(version()).startsWith("1.2.3.lists-");
        assertThat(run("", "models", "refresh", "--from", "new.txt")).isZero();
        assertThat(printed()).startsWith("Nothing differs from ");
        // A second refresh replaces the mark of the first in the version.
        Files.writeString(root.resolve("new.txt"), OLD);
        assertThat(run("", "models", "refresh", "--from", "new.txt", "--apply")).isZero();
        assertThat(version()).matches("1\\.2\\.3\\.lists-[0-9a-f]{12}");
        assertThat(root.resolve("plugins")).isDirectoryNotContaining("glob:**.next");
    }

    @Test
    void aFolderAndAZipMayHoldTheListsAndARuleThatDiffersIsShown() throws Exception {
        Path folder = Files.createDirectories(root.resolve("lists"));
        Files.writeString(folder.resolve("traits.txt"), RULES.replace("no", "yes"));
        assertThat(run("", "models", "refresh", "--from", "lists")).isEqualTo(1);
        assertThat(printed())
                .contains("+ trait [acme] big | prefill=yes", "- trait [acme] big | prefill=no")
                .contains("0 added, 0 removed, 0 changed");

        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(root.resolve("newer.jar")))) {
            zip.putNextEntry(new ZipEntry("any/where/models.txt"));
            zip.write(NEW.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(run("", "models", "refresh", "--from", "newer.jar", "--apply", "--json"))
                .isZero();
        assertThat(printed()).contains("\"applied\" : true", "\"added\" : [ \"acme/huge\" ]");
        assertThat(list("models.txt")).isEqualTo(NEW);
    }

    @Test
    void listsThatCannotBeUsedAreRefusedWithTheReason() throws Exception {
        Files.writeString(root.resolve("bad.txt"), "big\n");
        Files.createDirectories(root.resolve("empty"));

        assertThatThrownBy(() -> run("", "models", "refresh", "--from", "bad.txt", "--apply"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("bad.txt cannot be used: no price of big.");
        assertThatThrownBy(() -> run("", "models", "refresh", "--from", "empty"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("it holds none of models.txt, traits.txt");
        assertThatThrownBy(() -> run("", "models", "refresh", "--from", "gone.txt"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("There is no file ");
        assertThatThrownBy(() -> run("", "models", "refresh"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--from FILE");
        assertThatThrownBy(() -> run("", "models", "--apply"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("models refresh");
        assertThat(list("models.txt")).isEqualTo(OLD);
    }

    @Test
    void whereALockIsInForceTheNewJarIsAddedToItAndAnotherJarIsNot() throws Exception {
        Files.writeString(root.resolve("new.txt"), NEW);
        Path lock = root.resolve("plugins/plugins.lock");
        Files.writeString(lock, JarCopies.digest(jar) + "  acme.jar");

        assertThat(run("", "models", "refresh", "--from", "new.txt", "--apply")).isZero();

        assertThat(Files.readString(lock)).contains(JarCopies.digest(jar) + "  acme.jar\n");
        assertThat(Files.readAllLines(lock)).hasSize(2);
    }

    @Test
    void whereOthersCanReachTheGatewayALockIsMadeThatAddsTheNewJarOnly() throws Exception {
        Files.writeString(root.resolve("new.txt"), NEW);
        Files.writeString(root.resolve("thanos.toml"), "[server]\nbind = \"0.0.0.0:8080\"\n");
        Path shipped = Files.createDirectories(root.resolve("lib")).resolve("plugins.lock");
        Files.writeString(shipped, JarCopies.digest(jar) + "  acme.jar\n");

        assertThat(run("", "models", "refresh", "--from", "new.txt", "--apply")).isZero();

        assertThat(Files.readString(root.resolve("plugins/plugins.lock")))
                .contains(JarCopies.digest(jar))
                .doesNotContain("alpha.jar");
    }

    @Test
    void theCodeOfACatalogueThatMayNotBeDeployedDoesNotRun() throws Exception {
        Files.writeString(root.resolve("new.txt"), NEW);
        Files.writeString(root.resolve("plugins/plugins.lock"), "# nothing\n");

        assertThatThrownBy(() -> run("", "models", "refresh", "--from", "new.txt", "--apply"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is not in plugins.lock");
    }

    @Test
    void listsThatLackMostOrAreOlderAreRefusedUnlessForced() throws Exception {
        Files.writeString(root.resolve("none.txt"), "other 1.0\n");
        Files.writeString(root.resolve("old.txt"), OLD + "date 2020-01-01\n");

        assertThat(run("y\n", "models", "refresh", "--from", "none.txt")).isEqualTo(1);
        assertThat(told()).contains("it would remove 2 of 2 models, more than half", "--force");
        assertThat(run("", "models", "refresh", "--from", "none.txt", "--apply", "--json"))
                .isEqualTo(1);
        assertThat(printed()).contains("\"applied\" : false", "\"refused\" : \"it would remove 2 of 2");
        assertThat(run("", "models", "refresh", "--from", "old.txt", "--apply")).isEqualTo(1);
        assertThat(told()).contains("the lists are of 2020-01-01, older than those in the catalogue", "--force");
        Files.createDirectories(root.resolve("lists"));
        Files.writeString(root.resolve("lists/traits.txt"), "[acme]\n");
        assertThat(run("", "models", "refresh", "--from", "lists", "--apply")).isEqualTo(1);
        assertThat(told()).contains("it would remove 1 of 1 rules of traits");
        assertThat(list("models.txt")).isEqualTo(OLD);

        assertThat(run("", "models", "refresh", "--from", "none.txt", "--apply", "--force"))
                .isZero();
        assertThat(list("models.txt")).isEqualTo("other 1.0\n");
    }

    @Test
    void anotherDefaultIsADifference() throws Exception {
        Files.writeString(root.resolve("new.txt"), OLD + "default small\n");

        assertThat(run("", "models", "refresh", "--from", "new.txt", "--apply")).isZero();

        assertThat(printed()).contains("~ default of acme: none -> small");
    }
}
