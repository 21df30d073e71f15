package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatResponse.Choice;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.proto.ChatResponse;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrpcChatTest {
    private Served served;

    @BeforeEach
    void serve() throws Exception {
        served = Served.open();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private List<ChatResponse> chat(boolean stream) {
        List<ChatResponse> all = new ArrayList<>();
        served.client().chatCompletion(Served.chat("hi", stream)).forEachRemaining(all::add);
        return all;
    }

    @Test
    void aStreamIsOneMessagePerEventAndTheLastSaysDoneReasonAndUsage() {
        served.dispatcher.script = call -> {
            call.begin();
            call.answer().event(new ChatEvent.ReasoningDelta(0, "hm"));
            call.text("one");
            call.answer().event(new ChatEvent.Heartbeat());
            call.answer().event(new ChatEvent.UsageSoFar(Usage.of(1, 1)));
            call.text("");
            call.text(" två 🙂");
            call.finish();
        };
        List<ChatResponse> all = chat(true);
        assertThat(all).hasSize(4);
        assertThat(all).allSatisfy(m -> {
            assertThat(m.getProvider()).isEqualTo("acme");
            assertThat(m.getModel()).isEqualTo("acme-1-2026");
            assertThat(m.getId()).isEqualTo("up-1");
        });
        assertThat(all).extracting(ChatResponse::getDone).containsExactly(false, false, false, true);
        assertThat(all).extracting(ChatResponse::getContent).containsExactly("", "one", " två 🙂", "");
        assertThat(all.get(0).getReasoning()).isEqualTo("hm");
        assertThat(all.subList(0, 3)).noneMatch(m -> m.hasUsage() || m.hasFinishReason());
        assertThat(all.get(3).getFinishReason()).isEqualTo("stop");
        assertThat(all.get(3).getUsage().getPromptTokens()).isEqualTo(11);
        assertThat(all.get(3).getUsage().getTotalTokens()).isEqualTo(18);
        assertThat(all.get(3).getUsage().hasCachedTokens()).isFalse();
    }

    @Test
    void severalChoicesEndEachWithItsReasonAndOnlyTheLastSaysDone() {
        served.dispatcher.script = call -> {
            call.begin();
            call.answer().event(new ChatEvent.TextDelta(1, "b"));
            call.answer().event(new ChatEvent.ChoiceFinished(1, FinishReason.LENGTH, null));
            call.text("a");
            call.answer().event(new ChatEvent.ChoiceFinished(0, FinishReason.STOP, "END"));
            call.answer().event(new ChatEvent.Finished(null));
            call.answer().end();
        };
        List<ChatResponse> all = chat(true);
        assertThat(all).extracting(ChatResponse::getChoice).containsExactly(1, 1, 0, 0);
        assertThat(all).extracting(ChatResponse::getFinishReason).containsExactly("", "length", "", "stop");
        assertThat(all).extracting(ChatResponse::getDone).containsExactly(false, false, false, true);
        assertThat(all.get(3).getStopSequence()).isEqualTo("END");
        assertThat(all.get(3).hasUsage()).isFalse();
    }

    @Test
    void toolCallsComeInPiecesByIndex() {
        served.dispatcher.script = call -> {
            call.begin();
            call.answer().event(new ChatEvent.ToolCallStart(0, 1, "c1", "look"));
            call.answer().event(new ChatEvent.ToolCallDelta(0, 1, "{\"a\":"));
            call.answer().event(new ChatEvent.ToolCallDelta(0, 1, "1}"));
            call.answer().event(new ChatEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS, null));
            call.answer().event(new ChatEvent.Finished(null));
            call.answer().end();
        };
        List<ChatResponse> all = chat(true);
        assertThat(all.get(0).getToolCalls(0).getId()).isEqualTo("c1");
        assertThat(all.get(0).getToolCalls(0).getName()).isEqualTo("look");
        assertThat(all)
                .filteredOn(m -> m.getToolCallsCount() > 0)
                .allMatch(m -> m.getToolCalls(0).getIndex() == 1);
        assertThat(all.get(1).getToolCalls(0).getArguments()
                        + all.get(2).getToolCalls(0).getArguments())
                .isEqualTo("{\"a\":1}");
        assertThat(all.get(3).getFinishReason()).isEqualTo("tool_calls");
    }

    @Test
    void mediaAreBytesAndWhatIsNoBase64ComesAsItWas() {
        served.dispatcher.script = call -> {
            call.begin();
            call.answer().event(new ChatEvent.Media(0, new Part.Source.Data("image/png", "AQID")));
            call.answer().event(new ChatEvent.Media(0, new Part.Source.Data("image/png", "AQI=D")));
            call.finish();
        };
        List<ChatResponse> all = chat(true);
        assertThat(all.get(0).getMedia(0).getData().toByteArray()).containsExactly(1, 2, 3);
        assertThat(all.get(0).getMedia(0).getMediaType()).isEqualTo("image/png");
        assertThat(all.get(1).getMedia(0).getUrl()).isEqualTo("data:image/png;base64,AQI=D");
    }

    @Test
    void aWholeAnswerIsOneMessage() {
        Usage huge = Usage.of(3_000_000_000L, 5).withCachedInput(2).withReasoning(4);
        Choice first = new Choice(
                0,
                List.of(
                        new Part.Reasoning("so", "sig", Map.of()),
                        new Part.Text("al"),
                        new Part.ToolCall("c", "f", "{}", Map.of()),
                        new Part.Text("l")),
                FinishReason.CONTENT_FILTER,
                null,
                List.of(new Json("{\"u\":1}")),
                null,
                Map.of());
        Choice second =
                new Choice(1, List.of(new Part.Text("other")), FinishReason.OTHER, null, List.of(), null, Map.of());
        served.dispatcher.script = call -> call.answer()
                .whole(
                        call.begun(),
                        new dev.thanosgateway.api.chat.ChatResponse(
                                null, null, 0, List.of(first, second), huge, Map.of("x\"y", new Json("1"))));
        List<ChatResponse> all = chat(false);
        assertThat(all).hasSize(1);
        ChatResponse one = all.get(0);
        assertThat(one.getDone()).isTrue();
        assertThat(one.getContent()).isEqualTo("all");
        assertThat(one.getModel()).isEqualTo("acme-1");
        assertThat(one.getFinishReason()).isEqualTo("content_filter");
        assertThat(one.getReasoning()).isEqualTo("so");
        assertThat(one.getReasoningSignature()).isEqualTo("sig");
        assertThat(one.getToolCalls(0).getName()).isEqualTo("f");
        assertThat(one.getCitationsJson(0)).isEqualTo("{\"u\":1}");
        assertThat(one.getExtensionsJson()).isEqualTo("{\"x\\\"y\":1}");
        assertThat(one.getUsage().getPromptTokens()).isEqualTo(Integer.MAX_VALUE);
        assertThat(one.getUsage().getCachedTokens()).isEqualTo(2);
        assertThat(one.getUsage().getReasoningTokens()).isEqualTo(4);
        assertThat(one.getUsage().hasCacheWriteTokens()).isFalse();
        assertThat(one.getFurtherChoices(0).getContent()).isEqualTo("other");
        assertThat(one.getFurtherChoices(0).getChoice()).isEqualTo(1);
    }

    @Test
    void theDispatcherIsTold() throws Exception {
        served.client()
                .chatCompletion(Served.chat("hi", true).toBuilder()
                        .setModel("acme/x")
                        .setSystem("Be brief.")
                        .setTemperature(0.7f)
                        .build())
                .forEachRemaining(m -> {});
        ScriptedDispatcher.Running call = served.dispatcher.next();
        assertThat(call.request().model()).isEqualTo("acme/x");
        assertThat(call.request().stream()).isTrue();
        assertThat(call.request().streamUsage()).isTrue();
        assertThat(call.request().original()).isNull();
        assertThat(call.request().content().sampling().temperature()).isEqualTo(0.7);
        assertThat(call.request().content().messages())
                .extracting(dev.thanosgateway.api.chat.Message::role)
                .containsExactly(Role.SYSTEM, Role.USER);
        assertThat(call.info().endpoint()).isEqualTo("grpc");
        assertThat(call.info().deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(served.metrics.ended.poll(5, TimeUnit.SECONDS)).isEqualTo("grpc ChatCompletion 1000");
    }

    @Test
    void theHeadSaysWhoServesAndTheCallersRequestId() throws Exception {
        Metadata.Key<String> id = Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
        Metadata.Key<String> trace = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
        Metadata sent = new Metadata();
        sent.put(id, "mine-7");
        sent.put(trace, "00-ab-cd-01");
        sent.put(Metadata.Key.of("x-session-affinity", Metadata.ASCII_STRING_MARSHALLER), "s-1");
        AtomicReference<Metadata> headers = new AtomicReference<>();
        ClientInterceptor capture = MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>());
        served.client()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent), capture)
                .chatCompletion(Served.chat("hi", true))
                .forEachRemaining(m -> {});
        ScriptedDispatcher.Running call = served.dispatcher.next();
        assertThat(call.info().requestId()).isEqualTo("mine-7");
        assertThat(call.info().forwardedHeaders())
                .containsExactlyInAnyOrder(
                        Map.entry("traceparent", "00-ab-cd-01"), Map.entry("x-session-affinity", "s-1"));
        assertThat(headers.get().get(id)).isEqualTo("mine-7");
        assertThat(text(headers.get(), "x-thanos-provider")).isEqualTo("acme");
        assertThat(text(headers.get(), "x-thanos-model")).isEqualTo("acme-1");
        assertThat(text(headers.get(), "x-thanos-attempts")).isEqualTo("2");
        assertThat(text(headers.get(), "x-thanos-overhead-ms")).isEqualTo("1.500");
        assertThat(text(headers.get(), "x-ratelimit-remaining-requests")).isEqualTo("17");
    }

    @Test
    void aRequestIdThatIsNotSaneIsReplaced() throws Exception {
        Metadata sent = new Metadata();
        sent.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "no spaces please");
        served.client()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent))
                .chatCompletion(Served.chat("hi", true))
                .forEachRemaining(m -> {});
        assertThat(served.dispatcher.next().info().requestId()).matches("[A-Za-z0-9-]{36}");
    }

    @Test
    void gzipIsAccepted() throws Exception {
        String long1 = "compress me ".repeat(1000);
        served.client()
                .withCompression("gzip")
                .chatCompletion(Served.chat(long1, true))
                .forEachRemaining(m -> {});
        assertThat(served.dispatcher
                        .next()
                        .request()
                        .content()
                        .messages()
                        .get(0)
                        .text())
                .isEqualTo(long1);
    }

    @Test
    void aMessageOverTheLimitIsRefusedAndAnImageUnderItIsNot() throws Exception {
        served.client().chatCompletion(Served.chat("x".repeat(30 << 20), true)).forEachRemaining(m -> {});
        assertThat(served.dispatcher.next().request().content().messages()).hasSize(1);
        assertThatThrownBy(() -> served.client()
                        .chatCompletion(Served.chat("x".repeat(33 << 20), true))
                        .forEachRemaining(m -> {}))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    }

    @Test
    void anEmptyModelIsAuto() {
        served.client()
                .chatCompletion(Served.chat("hi", true).toBuilder().setModel("").build())
                .forEachRemaining(m -> {});
        assertThat(served.dispatcher.calls.remove().request().model()).isEqualTo("auto");
    }

    @Test
    void aRequestThatIsWrongNeverReachesTheDispatcher() {
        assertThatThrownBy(() -> served.client()
                        .chatCompletion(Served.chat("hi", true).toBuilder()
                                .setMaxTokens(0)
                                .build())
                        .forEachRemaining(m -> {}))
                .hasMessageStartingWith("INVALID_ARGUMENT: max_tokens");
        assertThat(served.dispatcher.calls).isEmpty();
    }

    private static String text(Metadata metadata, String name) {
        return metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }
}
