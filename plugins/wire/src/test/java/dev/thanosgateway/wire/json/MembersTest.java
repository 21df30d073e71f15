package dev.thanosgateway.wire.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static Map<String, Value> of(String json) throws JsonException {
        return Value.strict(json.getBytes(StandardCharsets.UTF_8)).members();
    }

    @Test
    void whatIsThereIsRead() throws JsonException {
        Map<String, Value> members =
                of("{\"text\":\"x\",\"number\":1.5,\"yes\":true,\"no\":false,\"below\":{\"a\":1}}");

        assertThat(Members.text(members, "text")).isEqualTo("x");
        assertThat(Members.number(members, "number", -1)).isEqualTo(1.5);
        assertThat(Members.bool(members, "yes")).isTrue();
        assertThat(Members.bool(members, "no")).isFalse();
        assertThat(Members.below(members, "below")).containsOnlyKeys("a");
    }

    @Test
    void whatIsNotThereOrNullIsAsIfItWereEmpty() throws JsonException {
        Map<String, Value> members = of("{\"null\":null}");

        for (String name : new String[] {"null", "other"}) {
            assertThat(Members.text(members, name)).isEmpty();
            assertThat(Members.number(members, name, -1)).isEqualTo(-1);
            assertThat(Members.bool(members, name)).isFalse();
            assertThat(Members.below(members, name)).isEmpty();
        }
    }

    @Test
    void whatIsOfAnotherKindIsRefusedByItsPath() throws JsonException {
        Map<String, Value> members = Members.below(of("{\"a\":{\"list\":[]}}"), "a");

        assertThatThrownBy(() -> Members.text(members, "list"))
                .extracting("path")
                .isEqualTo("a.list");
        assertThatThrownBy(() -> Members.number(members, "list", 0)).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Members.bool(members, "list")).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Members.below(members, "list")).isInstanceOf(JsonException.class);
    }
}
