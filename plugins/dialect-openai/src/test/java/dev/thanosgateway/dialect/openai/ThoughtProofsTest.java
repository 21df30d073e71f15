package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.tck.Traits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What proves thoughts reaches a client of chat completions and comes back from it. */
class ThoughtProofsTest {
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}";

    private static List<ChatEvent> answer(ChatEvent... thoughts) {
        List<ChatEvent> events = new java.util.ArrayList<>(List.of(new ChatEvent.Started("i", "m", 1)));
        events.addAll(List.of(thoughts));
        events.addAll(List.of(
                new ChatEvent.ToolCallStart(0, 0, "c1", "f"),
                new ChatEvent.ToolCallDelta(0, 0, "{}"),
                new ChatEvent.ToolCallStart(0, 1, "c2", "f"),
                new ChatEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS, null),
                new ChatEvent.Finished(null)));
        return events;
    }

    private static ChatEvent thought(String text) {
        return new ChatEvent.ReasoningDelta(0, text);
    }

    private static ChatEvent signature(String signature) {
        return new ChatEvent.ReasoningSignature(0, signature);
    }

    private static String whole(List<ChatEvent> events) throws GatewayException {
        ChatFold fold = new ChatFold();
        for (ChatEvent event : events) {
            fold.add(event);
        }
        return StandardCharsets.UTF_8
                .decode(Recorder.CHAT_COMPLETIONS
                        .whole(Recorder.read(ASK + "]}"), Recorder.served(), fold.response())
                        .bytes())
                .toString();
    }

    private static String streamed(List<ChatEvent> events) throws GatewayException {
        ChatWriter writer =
                Recorder.CHAT_COMPLETIONS.stream(Recorder.read(ASK + "],\"stream\":true}"), Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        events.forEach(event -> writer.event(event, out));
        assertThat(writer.kept()).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<Part> read(String message) throws GatewayException {
        ChatRequest request = Recorder.read(ASK + "," + message + "]}");
        return request.content().messages().get(1).parts();
    }

    @Test
    void geminisSignatureStandsBesideTheCallItBelongsTo() throws GatewayException {
        List<ChatEvent> events = answer(thought("hm"), signature("gemini:RyUx"));
        String extra = "\"extra_content\":{\"google\":{\"thought_signature\":\"RyUx\"}}";

        assertThat(whole(events))
                .contains("\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"},"
                        + extra + "},{\"id\":\"c2\"")
                .doesNotContain("reasoning_details");
        assertThat(streamed(events)).containsOnlyOnce(extra).contains("\"arguments\":\"\"}," + extra + "}]}");
    }

    @Test
    void geminisSignatureWithoutACallStandsInTheMessage() throws GatewayException {
        String message = "{\"role\":\"assistant\",\"content\":\"so\",\"reasoning_content\":\"hm\","
                + "\"extra_content\":{\"google\":{\"thought_signature\":\"RyUx\"}}}";

        assertThat(read(message))
                .containsExactly(
                        new Part.Reasoning("hm", null, Map.of()),
                        new Part.Reasoning("", "gemini:RyUx", Map.of()),
                        new Part.Text("so"));
        List<ChatEvent> events = List.of(
                new ChatEvent.Started("i", "m", 1),
                signature("gemini:RyUx"),
                new ChatEvent.TextDelta(0, "so"),
                new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null),
                new ChatEvent.Finished(null));
        assertThat(whole(events)).contains("\"extra_content\":{\"google\":{\"thought_signature\":\"RyUx\"}}");
        assertThat(streamed(events))
                .contains("\"delta\":{\"extra_content\":{\"google\":{\"thought_signature\":\"RyUx\"}}}");
    }

    @Test
    void othersSignaturesComeBackWithTheirText() throws GatewayException {
        List<ChatEvent> events = answer(
                thought("one"),
                signature("c2ln"),
                new ChatEvent.RedactedReasoning(0, "cmVk"),
                thought("two"),
                signature("openai:b3Bl"));
        String details = "\"reasoning_details\":[{\"index\":0,\"signature\":\"thanos-signed:c2ln\",\"text\":\"one\","
                + "\"type\":\"reasoning.text\"},{\"data\":\"thanos-redacted:cmVk\",\"index\":1,"
                + "\"type\":\"reasoning.encrypted\"},{\"index\":2,\"signature\":\"thanos-signed:openai:b3Bl\","
                + "\"text\":\"two\",\"type\":\"reasoning.text\"}]";

        assertThat(whole(events)).contains("\"reasoning_content\":\"onetwo\"," + details);
        assertThat(streamed(events)).containsOnlyOnce(details).contains("\"delta\":{" + details + "}");
        assertThat(read("{\"role\":\"assistant\",\"content\":\"so\",\"reasoning_content\":\"onetwo\"," + details + "}"))
                .containsExactly(
                        new Part.Reasoning("one", "c2ln", Map.of()),
                        new Part.RedactedReasoning("cmVk", Map.of()),
                        new Part.Reasoning("two", "openai:b3Bl", Map.of()),
                        new Part.Text("so"));
    }

    @Test
    void pieceOfOneStreamHaveIndexesOfTheirOwn() throws GatewayException {
        String streamed = streamed(List.of(
                new ChatEvent.Started("i", "m", 1),
                signature("a"),
                new ChatEvent.TextDelta(0, "so"),
                signature("b"),
                new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null),
                new ChatEvent.Finished(null)));

        assertThat(streamed)
                .contains(
                        "{\"index\":0,\"signature\":\"thanos-signed:a\"",
                        "{\"index\":1,\"signature\":\"thanos-signed:b\"");
    }

    @Test
    void aRelayLeavesOutWhatAnotherVendorThought() throws GatewayException {
        String own = "\"reasoning_details\":[{\"signature\":\"thanos-signed:c2ln\"}]";
        String theirs = "\"reasoning_details\":[{\"signature\":\"s\"}]";
        String extra = "\"extra_content\":{\"google\":{\"thought_signature\":\"RyUx\"}}";

        assertThat(relayed("openrouter", own))
                .doesNotContain("reasoning_details")
                .contains("\"reasoning\":\"hm\"");
        assertThat(relayed("openrouter", theirs)).contains(theirs, "\"reasoning\":\"hm\"");
        assertThat(relayed("openai-compatible", own)).doesNotContain("reasoning_details");
        assertThat(relayed("openai-compatible", extra)).contains(extra);
        assertThat(relayed("groq", extra)).doesNotContain("extra_content").contains("\"reasoning\":\"hm\"");
        assertThat(relayed("groq", theirs)).doesNotContain("reasoning_details");
        assertThat(relayed("openai", theirs)).doesNotContain("reasoning");
        assertThat(relayed("google-openai", extra)).contains(extra);
    }

    private static String relayed(String profile, String more) throws GatewayException {
        String body = ASK + ",{\"role\":\"assistant\",\"content\":\"so\",\"reasoning\":\"hm\"," + more + "},"
                + "{\"role\":\"user\",\"content\":\"y\"}]}";
        ChatRequest request = Traits.on(profile, Recorder.read(body));
        return StandardCharsets.UTF_8
                .decode(OpenAi.chat(request, Quirks.NONE, Auth.BEARER).call().body())
                .toString();
    }
}
