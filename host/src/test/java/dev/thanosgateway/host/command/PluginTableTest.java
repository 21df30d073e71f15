package dev.thanosgateway.host.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PluginTableTest {
    @Test
    void aJarThatDoesNotServeIsToldOfOnce() throws Exception {
        String told = """
                {"plugins": [{"jar": "junk.jar", "state": "refused", "reason": "it is not a zip"}],
                 "providers": [{"id": "junk.jar", "type": "", "state": "refused", "reason": "it is not a zip"},
                               {"id": "own", "type": "echo", "state": "active", "reason": null}]}
                """;
        PluginTable table = new PluginTable(JsonMapper.shared().readTree(told));

        assertThat(why(table, "junk.jar", 1)).isEqualTo("junk.jar  - -  refused: it is not a zip");
        assertThat(why(table, "own", 0)).isEqualTo("provider own of type echo  active");
    }

    private static String why(PluginTable table, String name, int code) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            assertThat(table.why(name, print)).isEqualTo(code);
        }
        return out.toString(StandardCharsets.UTF_8).strip();
    }
}
