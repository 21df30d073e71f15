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
                "Unsupported parameter: 'reasoning_effort' is not supported with this model.",
                "'claude-3-haiku-20240307' does not support thinking.",
                "Thinking is not supported by this model",
                "Unknown parameter: 'reasoning'.",
                "litellm.UnsupportedParamsError: groq does not support parameters: ['reasoning_effort'], for model=x",
                "[{'type': 'extra_forbidden', 'loc': ('body', 'reasoning_effort'), 'msg': 'Extra inputs are not permitted'}]",
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
        assertThat(EffortRefusal.marked(new GatewayException(ErrorKind.INVALID_REQUEST, message))
                        .kind())
                .isEqualTo(ErrorKind.UNSUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Unrecognized request argument supplied: top_k",
                "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.",
                "max_tokens must be greater than thinking.budget_tokens",
                "Invalid signature in thinking block",
                "The tool \"effort\" is not supported.",
                "Invalid value: 'banana'. Supported values are: 'low', 'medium', 'high'.",
                "Unsupported value: 'reasoning_effort' does not support 'xhigh' with this model.",
                "Unsupported value: 'reasoning_effort' does not support 'none' with this model.",
                "Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions.",
                "Thinking mode does not support this tool_choice",
                "'temperature' is not supported when reasoning_effort is high",
                "tools are not supported with reasoning_effort",
                "Invalid schema for function 'think': In context=(), 'minLength' is not supported.",
                "tools.0.custom: `think` tool: extra inputs are not permitted",
                "`temperature` may only be set to 1 when thinking is enabled; other values are not supported",
                "thinking.enabled.budget_tokens: values below 1024 are not allowed",
                "Invalid prompt: \"This model does not support the effort parameter.\"",
                "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\".",
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
