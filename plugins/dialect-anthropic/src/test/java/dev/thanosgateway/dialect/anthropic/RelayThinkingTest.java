package dev.thanosgateway.dialect.anthropic;

import static dev.thanosgateway.dialect.anthropic.Recorder.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.tck.Traits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that takes the model for another one asks for thought in words that the model has not. */
class RelayThinkingTest {
    private static final String ADAPTIVE = "\"thinking\":{\"type\":\"adaptive\"}";

    private static ChatRequest asked(String model, String more) throws GatewayException {
        return read("{\"model\":\"" + model + "\",\"max_tokens\":20000,\"messages\":[{\"role\":\"user\",\"content\":"
                + "\"hi\"}]," + more + "}");
    }

    private static HttpCall call(ChatRequest request) throws GatewayException {
        HttpCall call = Anthropic.chat(request, Auth.BEARER).call();
        assertThat(call.relay()).isTrue();
        return call;
    }

    private static String rest(HttpCall call) {
        String body = StandardCharsets.UTF_8.decode(call.body()).toString();
        return body.substring(body.indexOf("]") + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "claude-3-5-haiku-20241022|\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"}|}|reasoning_effort",
                "claude-3-5-haiku-20241022|\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}|}|reasoning_effort",
                "claude-3-5-haiku-20241022|\"thinking\":{\"type\":\"disabled\"}|}|",
                "claude-3-5-haiku-20241022|\"output_config\":{\"effort\":\"low\",\"x\":1.50}|,\"output_config\":{\"x\":1.50}}|reasoning_effort",
                "claude-haiku-4-5|\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"},\"output_config\":{\"effort\":\"low\"}|,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048,\"display\":\"omitted\"}}|",
                "claude-haiku-4-5|\"thinking\":{\"type\":\"adaptive\"}|,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":8192}}|",
                "claude-haiku-4-5|\"output_config\":{\"effort\":\"high\"}|}|reasoning_effort",
                "claude-haiku-4-5|\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"max\"}|,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":15000}}|",
                "claude-opus-4-5|\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\"}|,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048},\"output_config\":{\"effort\":\"low\"}}|",
                "claude-opus-4-5|\"output_config\":{\"effort\":\"max\"}|,\"output_config\":{\"effort\":\"high\"}}|",
                "claude-sonnet-5|\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}|,\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\"}}|",
                "claude-opus-4-6|\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"xhigh\"}|,\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"}}|",
                "claude-fable-5-1|\"thinking\":{\"type\":\"disabled\"}|,\"output_config\":{\"effort\":\"low\"}}|",
            })
    void thoughtIsAskedForInTheModelsWords(String model, String asked, String sent, String dropped)
            throws GatewayException {
        HttpCall call = call(Traits.on("anthropic", asked(model, asked)));

        assertThat(rest(call)).isEqualTo(sent);
        assertThat(call.dropped()).isEqualTo(dropped == null ? List.of() : List.of(dropped));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "claude-sonnet-5|\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{ \"effort\":\"high\"}",
                "claude-sonnet-5|\"thinking\":{\"type\":\"disabled\"}",
                "claude-haiku-4-5|\"thinking\":{\"type\":\"enabled\", \"budget_tokens\":2000}",
                "claude-haiku-4-5|\"thinking\":{\"type\":\"disabled\"}",
                "claude-opus-4-5|\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},\"output_config\":{\"effort\":\"medium\"}",
            })
    void whatTheModelKnowsStaysByteForByte(String model, String asked) throws GatewayException {
        HttpCall call = call(Traits.on("anthropic", asked(model, asked)));

        assertThat(rest(call)).isEqualTo("," + asked + "}");
        assertThat(call.dropped()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"output_config\":{\"effort\":\"max\"}|,\"output_config\":{\"effort\":\"max\"}}",
                "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},\"output_config\":{\"effort\":\"max\"}|,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},\"output_config\":{\"effort\":\"max\"}}",
                "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\"}|,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048},\"output_config\":{\"effort\":\"low\"}}",
            })
    void anEffortStaysWhereNobodySaysWhichAreTaken(String asked, String sent) throws GatewayException {
        HttpCall call = call(Traits.on("anthropic-compatible", asked("z1", asked)));

        assertThat(rest(call)).isEqualTo(sent);
        assertThat(call.dropped()).isEmpty();
    }

    @Test
    void nothingIsChangedWhereNothingIsKnownUntilAnEffortWasRefused() throws GatewayException {
        ChatRequest unknown = asked("m", ADAPTIVE);
        assertThat(rest(call(unknown))).isEqualTo("," + ADAPTIVE + "}");

        HttpCall refused = call(unknown.withTarget("m", unknown.traits().with(Trait.EFFORT, List.of())));
        assertThat(rest(refused)).isEqualTo("}");
        assertThat(refused.dropped()).containsExactly("reasoning_effort");
    }
}
