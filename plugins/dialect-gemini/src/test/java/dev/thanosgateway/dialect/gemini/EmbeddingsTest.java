package dev.thanosgateway.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.tck.PlayedHost;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings and counts: what requests and answers of one result mean. */
class EmbeddingsTest {
    /** Keeps also the calls that are wanted behind one. */
    private static final class Got<T> extends PlayedHost<T> {
        final List<Exchange<T>> next = new ArrayList<>();

        @Override
        public void then(Exchange<T> further) {
            next.add(further);
        }
    }

    private static Incoming incoming(Operation operation, String body) {
        return Played.incoming("m", operation, body.replace('\'', '"'));
    }

    private static EmbeddingsRequest one(String body) throws GatewayException {
        return new EmbedContent(Operation.EMBED).read(incoming(Operation.EMBED, body));
    }

    private static EmbeddingsRequest batch(String body) throws GatewayException {
        return new EmbedContent(Operation.EMBED_BATCH).read(incoming(Operation.EMBED_BATCH, body));
    }

    private static ChatRequest counted(String body) throws GatewayException {
        return new CountTokens().read(incoming(Operation.COUNT, body));
    }

    private static String body(HttpCall call) {
        return StandardCharsets.UTF_8.decode(call.body()).toString().replace('"', '\'');
    }

    private static <T> Got<T> played(Exchange<T> exchange, String answer) throws GatewayException {
        Got<T> got = new Got<>();
        got.play(exchange, Played.headers(), Played.utf8(answer), Integer.MAX_VALUE);
        return got;
    }

    @Test
    void everyFieldOfARequestIsRead() throws GatewayException {
        EmbeddingsRequest read = one("{'content':{'parts':[{'text':'a'},{'text':'b'}]},'task_type':'CLUSTERING',"
                + "'title':'t','outputDimensionality':8,'tags':[1],'fallbacks':['x/y'],'new':1}");
        assertThat(read.inputs()).containsExactly(new EmbeddingInput.Text("ab"));
        assertThat(read.task()).isEqualTo("CLUSTERING");
        assertThat(read.title()).isEqualTo("t");
        assertThat(read.dimensions()).isEqualTo(8);
        assertThat(read.fallbacks()).containsExactly("x/y");
        assertThat(read.extensions()).containsOnlyKeys("tags");
        assertThat(read.hints()).containsExactly("new");
        EmbeddingsRequest config =
                one("{'content':{'parts':{'text':'a'}},'embedContentConfig':{'title':'t','autoTruncate':false}}");
        assertThat(config.title()).isEqualTo("t");
        assertThat(config.truncate()).isFalse();
    }

    @Test
    void whatDiffersBetweenTheRequestsOfABatchIsAHintAndOnlyThat() throws GatewayException {
        EmbeddingsRequest read =
                batch("{'requests':[{'model':'models/m','content':{'parts':[{'text':'a'}]},'title':'1',"
                        + "'taskType':'X'},{'content':{'parts':[{'text':'b'}]},'title':'2','taskType':'X'}]}");
        assertThat(read.inputs()).hasSize(2);
        assertThat(read.title()).isNull();
        assertThat(read.hints()).containsExactly("title");
        assertThat(read.task()).isEqualTo("X");
    }

    @Test
    void aPictureIsRelayedToGeminiAndToNobodyElse() throws GatewayException {
        String body = "{'content':{'parts':[{'inlineData':{'mimeType':'image/png','data':'AA'}}]}}";
        EmbeddingsRequest read = one(body);
        assertThat(read.inputs()).containsExactly(new EmbeddingInput.Other("content.parts[0].inlineData"));
        assertThat(body(Gemini.embed(read, Auth.BEARER).call())).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'requests':[]}; requests",
                "{'requests':7}; requests",
                "{'requests':[{}]}; requests[0].content",
                "{'requests':[{'content':{}}]}; requests[0].content.parts",
                "{'requests':[{'content':{'parts':[{'text':1}]}}]}; requests[0].content.parts[0].text",
                "{'requests':[{'model':'x','content':{'parts':[{'text':'a'}]}}]}; requests[0].model",
                "{'requests':[{'taskType':1,'content':{'parts':[{'text':'a'}]}}]}; requests[0].taskType",
                "{'requests':[{'outputDimensionality':-1,'content':{'parts':[{'text':'a'}]}}]}; requests[0].outputDimensionality",
                "{'requests':[{'outputDimensionality':1,'content':{'parts':[{'text':'a'}]}},{'content':{'parts':[{'text':'a'}]}}]};"
                        + " requests[1].outputDimensionality",
            })
    void aMistakeIsNamedByItsField(String body, String field) {
        assertThatThrownBy(() -> batch(body)).isInstanceOfSatisfying(GatewayException.class, e -> {
            assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
            assertThat(e.parameter()).isEqualTo(field);
            assertThat(e.message()).contains(field);
        });
    }

    @Test
    void aRelayedBatchNamesTheModelInEachRequestAndChangesNothingElse() throws GatewayException {
        EmbeddingsRequest read = batch("{ 'requests':[{'content':{'parts':[{'text':'a'}]}, 'model':'models/m' },"
                + "{'content':{'parts':[{'text':'b'}]},'new':1.0}],'x':[ ] }");
        HttpCall call = Gemini.embed(read.withModel("e"), Auth.BEARER).call();
        assertThat(call.path()).isEqualTo("/v1beta/models/e:batchEmbedContents");
        assertThat(call.relay()).isTrue();
        assertThat(body(call))
                .isEqualTo("{ 'requests':[{'content':{'parts':[{'text':'a'}]}, 'model':'models/e' },"
                        + "{'model':'models/e','content':{'parts':[{'text':'b'}]},'new':1.0}],'x':[ ] }");
    }

    @Test
    void aRelayedAnswerGoesThroughByteForByteWithItsUsage() throws GatewayException {
        EmbeddingsRequest read = one("{'content':{'parts':[{'text':'a'}]}}");
        String answer = " {\"embedding\":{\"values\":[1.0]},\"usageMetadata\":{\"promptTokenCount\":3},\"new\":1 }";
        Got<EmbeddingsResponse> got = played(Gemini.embed(read, Auth.BEARER), answer);
        assertThat(got.frames).containsExactly(answer);
        assertThat(got.usage).isEqualTo(Usage.of(3, -1));
        assertThat(got.finishTold()).isTrue();
        assertThatThrownBy(() -> played(Gemini.embed(read, Auth.BEARER), "{\"embeddings\":[]}"))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    @Test
    void moreThanAHundredInputsAreAskedForInSeveralCallsAndMoreThanFourHundredNotAtAll() throws GatewayException {
        List<EmbeddingInput> inputs = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            inputs.add(new EmbeddingInput.Text("t" + i));
        }
        Exchange<EmbeddingsResponse> first =
                Gemini.embed(EmbeddingsRequest.builder("m").inputs(inputs).build(), Auth.BEARER);
        assertThat(first.call().relay()).isFalse();
        assertThat(body(first.call())).contains("'t99'").doesNotContain("'t100'");
        Got<EmbeddingsResponse> begun = played(first, vectors(0, 100));
        assertThat(begun.events).isEmpty();
        Exchange<EmbeddingsResponse> second = begun.next.get(0);
        assertThat(body(second.call())).doesNotContain("'t99'").contains("'t100'", "'t129'");
        EmbeddingsResponse all = played(second, vectors(100, 130)).events.get(0);
        assertThat(all.vectors()).hasSize(130);
        assertThat(all.vectors().get(129)).containsExactly(129);
        assertThat(all.usage()).isEqualTo(Usage.of(14, -1));
        for (int i = 130; i < 401; i++) {
            inputs.add(new EmbeddingInput.Text("t" + i));
        }
        EmbeddingsRequest many = EmbeddingsRequest.builder("m").inputs(inputs).build();
        assertThatThrownBy(() -> Gemini.embed(many, Auth.BEARER).call())
                .extracting("kind")
                .isEqualTo(ErrorKind.UNSUPPORTED);
    }

    private static String vectors(int from, int to) {
        StringBuilder all = new StringBuilder("{\"usageMetadata\":{\"promptTokenCount\":7},\"embeddings\":[");
        for (int i = from; i < to; i++) {
            all.append(i == from ? "" : ",").append("{\"values\":[").append(i).append("]}");
        }
        return all.append("]}").toString();
    }

    @Test
    void whatIsCountedIsTheContentsOrTheWholeRequest() throws GatewayException {
        ChatRequest bare = counted("{'contents':[{'parts':[{'text':'a'}]}]}");
        assertThat(bare.content().messages().get(0).parts()).containsExactly(new Part.Text("a"));
        ChatRequest whole =
                counted("{'generateContentRequest':{'model':'models/m','systemInstruction':{'parts':[{'text':'s'}]},"
                        + "'contents':[{'parts':[{'text':'a'}]}],'tools':[{'functionDeclarations':[{'name':'f'}]}]}}");
        assertThat(whole.content().messages()).extracting("role").containsExactly(Role.SYSTEM, Role.USER);
        assertThat(whole.content().tools()).hasSize(1);
        assertThat(body(Gemini.countTokens(whole.withModel("g"), Auth.BEARER).call()))
                .startsWith("{'generateContentRequest':{'model':'models/g','systemInstruction'");
        assertThatThrownBy(() -> counted("{'generateContentRequest':{}}").content())
                .hasMessageContaining("generateContentRequest.contents");
    }

    @Test
    void aRelayedCountGoesThroughByteForByte() throws GatewayException {
        ChatRequest read = counted("{'contents':[{'parts':[{'text':'a'}]}]}");
        String answer = "{\"totalTokens\": 31,\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":31}]}\n";
        assertThat(Gemini.countTokens(read, Auth.BEARER).call().relay()).isTrue();
        Got<TokenCount> got = played(Gemini.countTokens(read, Auth.BEARER), answer);
        assertThat(got.frames).containsExactly(answer);
        assertThat(got.finishTold()).isTrue();
        assertThat(StandardCharsets.UTF_8
                        .decode(new CountTokens()
                                .whole(read, Played.served(), TokenCount.of(31).withCached(4))
                                .bytes())
                        .toString())
                .isEqualTo("{\"totalTokens\":31,\"cachedContentTokenCount\":4}");
    }
}
