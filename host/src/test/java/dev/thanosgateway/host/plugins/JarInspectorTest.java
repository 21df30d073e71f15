package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class JarInspectorTest {
    @TempDir
    Path folder;

    private PluginJar inspect(Fixture fixture) throws Exception {
        return inspect(fixture.bytes());
    }

    private PluginJar inspect(byte[] bytes) throws Exception {
        Path file = Files.write(folder.resolve("x.jar"), bytes);
        return new JarInspector(TrustedDigests.of(Set.of("AB"))).inspect(file, "ab");
    }

    private void refused(byte[] bytes, String reason) {
        assertThatThrownBy(() -> inspect(bytes))
                .isInstanceOf(PluginRefusal.class)
                .hasMessageContaining(reason);
    }

    private static Fixture sound() {
        return Fixture.bundle("test.sound", "1.2.3");
    }

    /** Changes a name where it stands, in the entry and in the directory. */
    private static byte[] renamed(byte[] jar, String from, String to) {
        return new String(jar, StandardCharsets.ISO_8859_1).replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aSoundJarTellsItsNameItsPackagesAndItsProviderTypes() throws Exception {
        PluginJar jar = inspect(sound().header("Bundle-SymbolicName", "test.sound;singleton:=true")
                .header("Export-Package", "a.b;a.c;version=\"1.5\";uses:=\"x,y\"")
                .importing("a.b;version=\"[1,2)\"")
                .header(
                        "Provide-Capability",
                        "osgi.service;objectClass:List<String>=\"x\",thanos.provider;type=t;pid=\"p.id\";"
                                + "endpoint=\"https://example.com/v1\";env=\"A_KEY,B_KEY\";key=true;probe=true"));
        assertThat(jar.label()).isEqualTo("test.sound 1.2.3");
        assertThat(jar.trusted()).isTrue();
        assertThat(jar.exports()).extracting(e -> e.names().get(0)).containsExactly("a.b", "a.c");
        assertThat(jar.imports()).extracting(e -> e.names().get(0)).doesNotContain("a.b");
        assertThat(jar.types()).singleElement().satisfies(t -> {
            assertThat(t.type()).isEqualTo("t");
            assertThat(t.pid()).isEqualTo("p.id");
            assertThat(t.endpoint()).hasToString("https://example.com/v1");
            assertThat(t.env()).containsExactly("A_KEY", "B_KEY");
            assertThat(t.key()).isTrue();
            assertThat(t.probe()).isTrue();
        });
    }

    @Test
    void aManifestThatIsNoBundlesIsRefused() throws Exception {
        refused(sound().header("Bundle-SymbolicName", null).bytes(), "no Bundle-SymbolicName");
        refused(sound().header("Bundle-ManifestVersion", null).bytes(), "Bundle-ManifestVersion: 2");
        refused(sound().header("Bundle-Version", "one").bytes(), "\"one\" is no version");
        refused(sound().header("Fragment-Host", "x").bytes(), "Fragment-Host");
        refused(sound().header("Require-Bundle", "x").bytes(), "Require-Bundle");
        refused(sound().header("Provide-Capability", "thanos.provider;type=t").bytes(), "needs type and pid");
        refused(renamed(sound().bytes(), "META-INF/MANIFEST.MF", "META-INF/MANIFEST.XX"), "no META-INF/MANIFEST.MF");
    }

    @Test
    void unsafeAndDoubleNamesAreRefused() throws Exception {
        byte[] jar = sound().entry("aaaa/aaaa", new byte[10])
                .entry("bbbb/bbbb", new byte[10])
                .bytes();
        refused(renamed(jar, "aaaa/aaaa", "../../aaa"), "unsafe name");
        refused(renamed(jar, "aaaa/aaaa", "/aaaaaaaa"), "unsafe name");
        refused(renamed(jar, "aaaa/aaaa", "aaaa\\aaaa"), "unsafe name");
        refused(renamed(jar, "aaaa/aaaa", "bbbb/bbbb"), "two entries with the name");
    }

    @Test
    void aJarThatUnpacksToFarMoreThanItsSizeIsRefused() throws Exception {
        refused(sound().entry("bomb", new byte[64 << 20]).bytes(), "unpacks to more than 200 times its size");
    }

    @Test
    void aFileThatEndsEarlyCannotBeOpened() throws Exception {
        byte[] jar = sound().entry("data", new byte[1000]).bytes();
        assertThatThrownBy(() -> inspect(Arrays.copyOf(jar, jar.length - 10))).isInstanceOf(IOException.class);
    }

    @Test
    void aStampGivesEachPackageAVersionOfItsOwnAndKeepsEverythingElse() throws Exception {
        PluginJar jar = inspect(sound().header("Export-Package", "a.b;version=\"1.5\";uses:=\"x,y\"")
                .importing("w.x;version=\"[2,3)\";resolution:=optional")
                .entry("data", "kept".getBytes(StandardCharsets.UTF_8)));
        Map<String, Version> exports = JarStamp.exports(jar, 7);
        assertThat(exports).containsExactly(Map.entry("a.b", new Version("1.5.0.g7")));
        assertThat(JarStamp.stamped(new Version("1.0.0.x"), 8)).hasToString("1.0.0.x-g8");
        Path stamped = folder.resolve("stamped.jar");
        JarStamp.write(jar, exports, Map.of("w.x", new Version("2.0.0.g3")), stamped);
        try (JarFile out = new JarFile(stamped.toFile())) {
            var main = out.getManifest().getMainAttributes();
            assertThat(main.getValue("Export-Package")).isEqualTo("a.b;version=\"1.5.0.g7\";uses:=\"x,y\"");
            assertThat(main.getValue("Import-Package"))
                    .contains("w.x;version=\"[2.0.0.g3,2.0.0.g3]\";resolution:=\"optional\"")
                    .contains("dev.thanosgateway.api;version=\"[1.0,2)\"");
            assertThat(out.getInputStream(out.getEntry("data")).readAllBytes())
                    .asString()
                    .isEqualTo("kept");
        }
    }

    @Test
    void aLockFileIsReadAsSha256sumWritesIt() throws Exception {
        String digest = "0123456789abcdef".repeat(4);
        Path lock = folder.resolve("plugins.lock");
        assertThat(TrustedDigests.read(lock).trusts(digest)).isFalse();
        Files.write(lock, List.of("# shipped", "", digest.toUpperCase(Locale.ROOT) + "  provider-x.jar"));
        assertThat(TrustedDigests.read(lock).trusts(digest)).isTrue();
        Files.writeString(lock, "nonsense x.jar");
        assertThatThrownBy(() -> TrustedDigests.read(lock)).hasMessageContaining("line 1");
    }
}
