package dev.thanosgateway.wire.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EffortRefusalTest {
    private static @Nullable String parameter(ErrorKind kind, String message, @Nullable String said) {
        return EffortRefusal.marked(new GatewayException(kind, message).withParameter(said))
                .parameter();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Unrecognized request argument supplied: reasoning_effort",
                "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
                "Unsupported value: 'reasoning_effort' does not support 'none' with this model.",
                "\"llama3.2\" does not support thinking",
                "This model does not support the effort parameter.",
                "adaptive thinking is not supported on this model",
                "Thinking level is not supported for this model.",
                "Invalid JSON payload received. Unknown name \"thinkingConfig\" at 'generation_config': Cannot find field.",
                "`reasoning_effort` is not supported with this model",
                "body.reasoning_effort: Extra inputs are not permitted",
            })
    void theWordsOfVendorsAreKnown(String message) {
        assertThat(parameter(ErrorKind.INVALID_REQUEST, message, null)).isEqualTo("reasoning_effort");
        assertThat(parameter(ErrorKind.UNSUPPORTED, message, "think")).isEqualTo("reasoning_effort");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Unrecognized request argument supplied: top_k",
                "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.",
                "max_tokens must be greater than thinking.budget_tokens",
                "Invalid signature in thinking block",
                "The tool \"effort\" is not supported.",
            })
    void otherRefusalsKeepTheirParameter(String message) {
        assertThat(parameter(ErrorKind.INVALID_REQUEST, message, "messages")).isEqualTo("messages");
    }

    @Test
    void anUnavailableVendorRefusedNothing() {
        assertThat(parameter(ErrorKind.UPSTREAM_UNAVAILABLE, "thinking is not supported", null))
                .isNull();
    }
}
