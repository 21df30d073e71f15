package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about SDKs names what the build runs. */
class SdkPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| (\\d[\\w.-]*) \\|$");

    @Test
    void theTableHasEveryLibraryWithItsVersion() throws IOException {
        Map<String, String> told = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("docs/sdks.md")))
                .results()
                .forEach(row -> told.put(row.group(1), row.group(2)));
        Map<String, String> run = new TreeMap<>(SdkVersions.read().all());
        // No SDK: it describes the shapes that several of them are given.
        run.remove("zod");

        assertThat(told).isEqualTo(run);
    }
}
