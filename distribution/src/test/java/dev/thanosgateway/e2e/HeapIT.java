package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sizes of the heap in the user's options go before those of {@code bin/thanos}. */
class HeapIT {
    @ParameterizedTest
    @CsvSource({
        "-Xmx64m,                      64M",
        "-Xmx65536K,                   64M",
        "-Xmx67108864,                 64M",
        "-XX:MaxHeapSize=64m,          64M",
        "-Xms16m -Xmx48m,              48M",
        "-Xmx127m,                     128M",
        "-Xmx128m,                     128M",
        "-Xmx1g,                       1G",
        "-Xmx64m -Xmx1g,               1G",
        "-XX:MaxRAM=200m,              100M"
    })
    void theMaximumIsTheUsers(String options, String maximum, @TempDir Path folder) throws Exception {
        assertThat(version(folder, "THANOS_JAVA_OPTS", options))
                .contains("Heap Max Capacity: " + maximum)
                .doesNotContain("[warning]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void whicheverVariableHasIt(String variable, @TempDir Path folder) throws Exception {
        assertThat(version(folder, variable, "-Xmx64m")).contains("Heap Max Capacity: 64M");
    }

    @Test
    void withoutAnyTheHeapBeginsSmall(@TempDir Path folder) throws Exception {
        assertThat(version(folder, "THANOS_JAVA_OPTS", "")).contains("Heap Initial Capacity: 128M");
    }

    private static String version(Path folder, String variable, String options) throws Exception {
        Map<String, String> environment = Map.of(variable, options + " -Xlog:gc+init -Xlog:gc+heap=warning");
        Command.Run run = Command.run(folder, Gateway.INSTALLATION, environment, "--version");
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        return run.out();
    }
}
