package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When {@code distribution/run} builds, and what it says; a script stands for Maven, and builds nothing that runs. */
class RunScriptIT {
    private static final String VERSIONS = "case \"$*\" in *-v) printf '\\033[1mApache Maven %s\\033[m\\nJava version: "
            + "%s, vendor: X\\n'; exit 0 ;; esac\n";
    private static final String MODERN = VERSIONS.formatted("3.8.7", "17.0.15");

    /** Prints what Maven prints, and makes what the assembly makes. */
    private static final String BUILDS = """
            cat <<'END'
            [INFO] ------------------< dev.thanosgateway:provider-one >-------------------
            [INFO] Building One provider 1.0.0                                       [1/2]
            [INFO] Building Thanos distribution 1.0.0                                [2/2]
            [INFO] Building zip: /somewhere/thanos-1.0.0.zip
            END
            echo "$*" >arguments
            built=distribution/target/thanos-1.0.0
            mkdir -p $built/bin $built/plugins
            touch $built/plugins/provider-one.jar $built/plugins/strategy-two.jar
            printf '#!/bin/sh\necho started "$@"\n' >$built/bin/thanos
            chmod +x $built/bin/thanos
            touch $built.zip
            """;

    private static final List<String> NEEDED = List.of(
            "env", "perl", "python3", "sed", "dirname", "head", "tail", "grep", "find", "date", "mkdir", "chmod",
            "sleep", "wc", "cat", "touch", "true");

    @TempDir
    private Path folder;

    private Path sources;
    private Path bin;

    @BeforeEach
    void sourcesWithTwoPlugins() throws Exception {
        sources = folder.resolve("some sources");
        Files.createDirectories(sources.resolve("distribution"));
        Files.copy(RunScript.sources().resolve("distribution/run"), sources.resolve("distribution/run"));
        assertThat(sources.resolve("distribution/run").toFile().setExecutable(true))
                .isTrue();
        Files.writeString(sources.resolve("pom.xml"), "<project>\n  <version>1.0.0</version>\n</project>\n");
        Files.createDirectories(sources.resolve("plugins/provider-one/src/main/java"));
        Files.writeString(
                sources.resolve("plugins/pom.xml"),
                "<module>wire</module>\n<module>tck</module>\n<module>provider-one</module>\n"
                        + "    <module>strategy-two</module>\n");
        Files.writeString(sources.resolve("plugins/provider-one/pom.xml"), "");
        Files.writeString(sources.resolve("plugins/provider-one/src/main/java/One.java"), "");
        bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : NEEDED) {
            for (String place : System.getenv("PATH").split(":")) {
                if (Files.isExecutable(Path.of(place, tool)) && Files.notExists(bin.resolve(tool))) {
                    RunScript.script(bin.resolve(tool), "exec " + place + "/" + tool + " \"$@\"\n");
                }
            }
        }
    }

    private void maven(String script) throws IOException {
        RunScript.script(bin.resolve("mvn"), script);
    }

    private RunScript start(String... words) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", bin.toString());
        environment.put("MAVEN_ARGS", "-o -Dx=y");
        return new RunScript(sources, List.of(), environment, words);
    }

    /** @return what it printed on its standard error */
    private String run(int code) throws Exception {
        try (RunScript run = start("a b", "c")) {
            assertThat(run.end()).as(run.err()).isEqualTo(code);
            assertThat(run.out()).isEqualTo(code == 0 ? "started a b c\n" : "");
            return run.err();
        }
    }

    /** Makes everything older than what is built. */
    private void past() throws Exception {
        FileTime past = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (var all = Files.walk(sources)) {
            for (Path path : all.toList()) {
                Files.setLastModifiedTime(path, past);
            }
        }
        Files.setLastModifiedTime(
                sources.resolve("distribution/target/thanos-1.0.0.zip"), FileTime.from(Instant.now()));
    }

    @Test
    void itSaysWhatItBuildsAndStartsIt() throws Exception {
        maven(MODERN + BUILDS);

        assertThat(run(0).lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("run: Thanos is not built yet: building")
                                .contains("run.log"),
                        line -> assertThat(line).isEqualTo("run: building One provider (1 of 2)"),
                        line -> assertThat(line).isEqualTo("run: building Thanos distribution (2 of 2)"),
                        line -> assertThat(line).matches("run: built in \\d+ s"));
        assertThat(sources.resolve("arguments"))
                .content()
                .startsWith("-o -Dx=y ")
                .contains(" package");
    }

    @Test
    void whatIsBuiltWholeAndNewerThanItsSourcesIsStartedWithoutMaven() throws Exception {
        maven(MODERN + BUILDS);
        run(0);
        past();
        Files.delete(bin.resolve("mvn"));

        assertThat(run(0)).isEmpty();
    }

    @Test
    void aPluginThatIsMissingIsBuiltAgain() throws Exception {
        maven(MODERN + BUILDS);
        run(0);
        past();
        Files.delete(sources.resolve("distribution/target/thanos-1.0.0/plugins/strategy-two.jar"));

        assertThat(run(0)).contains("run: the installation has no plugins/strategy-two.jar: building");
    }

    @Test
    void aSourceThatChangedOrWasDeletedIsBuiltAgain() throws Exception {
        maven(MODERN + BUILDS);
        run(0);
        Path source = sources.resolve("plugins/provider-one/src/main/java/One.java");
        past();
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run(0)).contains("run: plugins/provider-one/src/main/java/One.java has changed: building");

        past();
        Files.delete(source);
        Files.setLastModifiedTime(
                source.getParent(), FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run(0)).contains("run: plugins/provider-one/src/main/java has changed: building");
    }

    @Test
    void whatIsMissingForABuildIsNamed() throws Exception {
        assertThat(run(2))
                .isEqualTo("run: Maven is missing: install Maven 3.8 or newer, or unpack a distribution that "
                        + "is built already.\n");
        maven(VERSIONS.formatted("3.6.3", "17.0.15") + BUILDS);
        assertThat(run(2)).isEqualTo("run: Maven 3.6 is too old: install Maven 3.8 or newer.\n");
        maven(VERSIONS.formatted("4.0.0", "11.0.2") + BUILDS);
        assertThat(run(2)).isEqualTo("run: Maven runs on JDK 11, which is too old: point JAVA_HOME at JDK 25.\n");
        maven("echo 'The JAVA_HOME environment variable is not defined correctly' >&2\nexit 1\n");
        assertThat(run(2))
                .contains("JAVA_HOME environment variable")
                .endsWith("run: mvn does not run: install a JDK 25 and point JAVA_HOME at it.\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cannot find matching toolchain definitions: [version='[25,)'] | No JDK 25 or newer was found",
                "Could not transfer artifact a:b:jar:1 from central            | Maven could not download",
                "/x/One.java:[3,4] cannot find symbol                          | run: The build failed"
            })
    void aFailureEndsWithMavensErrorsAndWhatToDo(String error, String advice) throws Exception {
        maven(MODERN + "printf '[INFO] Building One provider 1.0.0   [1/2]\\n[ERROR] %s\\n[ERROR] \\n' \"" + error
                + "\"\necho '[ERROR] -> [Help 1]'\necho '[ERROR] re-run Maven with the -e switch.'\nexit 1\n");

        String said = run(1);
        assertThat(said)
                .contains("run: building One provider (1 of 2)\n[ERROR] " + error + "\n", advice)
                .endsWith("Maven's whole log is " + sources.resolve("distribution/target/run.log") + "\n")
                .doesNotContain("Help 1", "re-run Maven", "\u001b");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void aSignalEndsTheBuild(String signal, int code) throws Exception {
        Path begun = folder.resolve("begun");
        maven(MODERN + "echo $$ >'" + begun + "'\nexec sleep 60\n");
        try (RunScript run = start()) {
            Eventually.within(
                    Duration.ofMinutes(1),
                    "Maven runs",
                    () -> Files.exists(begun) && !Files.readString(begun).isEmpty());
            long maven = Long.parseLong(Files.readString(begun).strip());
            run.signal(signal);
            assertThat(run.end()).isEqualTo(code);
            assertThat(ProcessHandle.of(maven).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }
}
