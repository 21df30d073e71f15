package dev.thanosgateway.wire.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Part;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThoughtDetailsTest {
    private static final Part SIGNED = new Part.Reasoning("a\n\"b\"", "c2ln", Map.of());
    private static final Part PLAIN = new Part.Reasoning("plain", null, Map.of());
    private static final Part REDACTED = new Part.RedactedReasoning("cmVk", Map.of());

    @Test
    void whatIsWrittenIsReadBackAsItWas() {
        Json details = ThoughtDetails.write(List.of(SIGNED, new Part.Text("no thought"), PLAIN, REDACTED), 3);

        assertThat(details)
                .hasToString("[{\"index\":3,\"signature\":\"thanos-signed:c2ln\",\"text\":\"a\\n\\\"b\\\"\","
                        + "\"type\":\"reasoning.text\"},{\"index\":4,\"text\":\"plain\",\"type\":\"reasoning.text\"},"
                        + "{\"data\":\"thanos-redacted:cmVk\",\"index\":5,\"type\":\"reasoning.encrypted\"}]");
        assertThat(ThoughtDetails.read(new Json(String.valueOf(details)))).containsExactly(SIGNED, PLAIN, REDACTED);
    }

    @Test
    void plainThoughtsNeedNoDetails() {
        assertThat(ThoughtDetails.write(List.of(PLAIN), 0)).isNull();
        assertThat(ThoughtDetails.write(List.of(), 0)).isNull();
    }

    @Test
    void othersDetailsAreNone() {
        String openRouters = "[{\"type\":\"reasoning.text\",\"text\":\"a\",\"signature\":\"s\"}]";
        for (String other : List.of(openRouters, "7", "null", "[7,{\"text\":7}]", "{}")) {
            assertThat(ThoughtDetails.read(new Json(other))).as(other).isEmpty();
        }
    }

    @Test
    void piecesOfAStreamBecomeTheThoughtsTheyWere() {
        KeptThoughts kept = new KeptThoughts();
        kept.text("a\n");
        kept.text("\"b\"");
        kept.signature("c2");
        kept.signature("ln");
        kept.text("plain");
        kept.redacted("cmVk");

        assertThat(kept.kept()).isPositive();
        assertThat(kept.take()).containsExactly(SIGNED, PLAIN, REDACTED);
        assertThat(kept.taken()).isEqualTo(3);
        assertThat(kept.take()).isEmpty();
        assertThat(kept.kept()).isZero();
    }
}
