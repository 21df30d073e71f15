package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Why a request was answered as it was, told by the command line, HTTP and for gRPC; and who would be asked. */
class ExplainIT {
    private static FakeUpstream broken;
    private static FakeUpstream blind;
    private static FakeUpstream usual;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        broken = new FakeUpstream(call -> call.json(
                503,
                "{\"error\":{\"message\":\"" + FakeOpenAi.KEY + " finds nobody home\",\"type\":\"t\",\"param\":null,"
                        + "\"code\":null}}"));
        blind = new FakeUpstream(
                call -> call.json(200, "{\"models\":[{\"name\":\"reader\",\"capabilities\":[\"completion\"]}]}"));
        usual = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("broken", broken, "")
                        + "[providers.blind]\ntype = \"ollama\"\nmodel = \"reader\"\nendpoint = \""
                        + blind.endpoint().replace("/v1", "") + "\"\n"
                        + Configurations.provider("usual", usual, "")
                        + "[routing]\nstrategy = \"fallback\"\nfallback_chain = [\"broken\", \"blind\", \"usual\"]\n"
                        + """
                        [models.aliases.priced]
                        targets = ["broken/fake-small", "usual/fake-small"]
                        strategy = "cheapest"
                        [models.aliases.priced.cheapest]
                        broken = { input = 3, output = 15 }
                        usual = { input = 1.5, output = 6 }
                        """)
                .start();
        // What is listed is known from then on.
        assertThat(gateway.get("/v1/models").body()).contains("blind/reader");
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : List.of(broken, blind, usual)) {
            upstream.close();
        }
    }

    private static Command.Run run(String... words) throws Exception {
        return Command.run(gateway.folder(), words);
    }

    private static String withImage() {
        ObjectNode request = Chats.request("auto", "");
        ArrayNode content = ((ObjectNode) request.path("messages").get(0)).putArray("content");
        content.addObject().put("type", "text").put("text", "a secret question");
        content.addObject().put("type", "image_url").putObject("image_url").put("url", "https://image.invalid/");
        return request.toString();
    }

    @Test
    void aRequestIsExplainedFromItsNameToItsEnd() throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, withImage(), "x-request-id", "why-1");
        assertThat(answer.headers().firstValue("x-thanos-provider"))
                .as(answer.body())
                .contains("usual");

        Command.Run explained = run("explain", "why-1");
        assertThat(explained.code()).as(explained.err()).isZero();
        assertThat(explained.out())
                .contains(
                        "Request why-1",
                        "Outcome: served by usual/fake-large after 2 attempts",
                        "11 in, 5 out",
                        "\"auto\" lets the strategy choose",
                        "The strategy fallback (",
                        "In this order, because it is the order of fallback_chain:",
                        "Left out: blind/reader, because its model 'reader' takes no images",
                        "Order: broken/fake-large, usual/fake-large",
                        " finds nobody home")
                .containsPattern("broken/fake-large +asked, 503 after .* ms, UPSTREAM_UNAVAILABLE after")
                .containsPattern("usual/fake-large +asked, 200 after .* ms, served after")
                .doesNotContain(FakeOpenAi.KEY, "question");

        JsonNode told = Chats.read(run("explain", "why-1", "--json").out());
        assertThat(told).isEqualTo(gateway.json("/v1/decisions/why-1"));
        assertThat(told.at("/attempts/0/status").asInt()).isEqualTo(503);
    }

    @Test
    void aRequestThatIsRefusedAtOnceIsExplainedToo() throws Exception {
        assertThat(gateway.post(Chats.PATH, "{\"model\":", "x-request-id", "why-2")
                        .statusCode())
                .isEqualTo(400);
        assertThat(run("explain", "why-2").out())
                .contains("Request why-2", "(chat_completions)", "refused before its model was looked at")
                .contains("INVALID_REQUEST: ");
    }

    @Test
    void numbersSayWhyWhereTheyDecide() throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("priced", "hi"), "x-request-id", "why-3");
        assertThat(answer.headers().firstValue("x-thanos-provider"))
                .as(answer.body())
                .contains("usual");
        assertThat(run("explain", "why-3").out())
                .contains("In this order, because what is estimated to cost the least comes first")
                .containsPattern("usual/fake-small +estimated input tokens \\d+, estimated output tokens 1000,"
                        + " estimated usd 0.00\\d+, input usd per million 1.5, output usd per million 6");
    }

    @Test
    void theLastRequestIsExplainedWithoutAnIdHoweverItCame() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .build();
        try {
            ThanosServiceGrpc.newBlockingStub(channel)
                    .chatCompletion(ChatRequest.newBuilder()
                            .setModel("usual/fake-small")
                            .addMessages(Message.newBuilder().setRole("user").setContent("hi"))
                            .build())
                    .next();
        } finally {
            channel.shutdownNow();
        }
        JsonNode last = gateway.json("/v1/decisions?limit=1").path("data");
        assertThat(last.size()).isEqualTo(1);
        assertThat(last.at("/0/front_end").asString()).isEqualTo("grpc");
        assertThat(run("explain").out())
                .contains("over grpc", "served by usual/fake-small after 1 attempt", "names a provider and its model");

        Command.Run unknown = run("explain", "nothing");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err())
                .contains("no decision of the request 'nothing'")
                .doesNotContain("\tat ");
    }

    @Test
    void aRouteIsToldAndNobodyIsAsked() throws Exception {
        int asked = usual.untaken() + blind.untaken() + broken.untaken();
        Command.Run plain = run("route", "--model", "auto");
        assertThat(plain.code()).as(plain.err()).isZero();
        assertThat(plain.out()).contains("Order: broken/fake-large, blind/reader, usual/fake-large");
        assertThat(run("route", "--needs", "vision,tools", "--size", "1000").out())
                .contains(
                        "The request, looked at since models differ, has: vision, functions, about 1001 tokens",
                        "Order: broken/fake-large, usual/fake-large");
        assertThat(usual.untaken() + blind.untaken() + broken.untaken()).isEqualTo(asked);
        assertThat(Chats.read(run("route", "--model", "usual/any", "--json").out())
                        .path("order")
                        .toString())
                .isEqualTo("[\"usual/any\"]");
        Command.Run nobody = run("route", "--model", "gone/any");
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.out()).contains("Nobody would be asked: No provider serves the model 'gone/any'");
        assertThat(run("route", "--needs", "taste").err()).contains("vision and tools, not \"taste\"");
        assertThat(run("route", "--size", "big").err()).contains("--size");
    }
}
