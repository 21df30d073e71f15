package dev.thanosgateway.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingsTest {
    private static EmbeddingsRequest read(Operation operation, String body) throws GatewayException {
        return new EmbedEndpoint(operation).read(Recorder.incoming(Recorder.utf8(body.replace('\'', '"'))));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static Recorder<EmbeddingsResponse> answer(EmbeddingsRequest request, String answer)
            throws GatewayException {
        Recorder<EmbeddingsResponse> out = new Recorder<>();
        Exchange<EmbeddingsResponse> exchange = Ollama.embed(request, Auth.BEARER);
        exchange.call();
        exchange.head(200, Recorder.headers(), out);
        exchange.body(ByteBuffer.wrap(Recorder.utf8(answer)), out);
        exchange.end(out);
        return out;
    }

    @Test
    void everyFieldOfARequestIsRead() throws GatewayException {
        EmbeddingsRequest read = read(
                Operation.EMBED,
                "{'model':'m','input':['a',''],'truncate':false,'dimensions':8,'options':{},'keep_alive':'1m',"
                        + "'tags':[1],'fallbacks':['x/y']}");
        assertThat(read.inputs()).containsExactly(new EmbeddingInput.Text("a"), new EmbeddingInput.Text(""));
        assertThat(read.spellings()).containsExactly("m:latest");
        assertThat(read.truncate()).isFalse();
        assertThat(read.dimensions()).isEqualTo(8);
        assertThat(read.hints()).containsExactly("options", "keep_alive");
        assertThat(read.fallbacks()).containsExactly("x/y");
        assertThat(read.extensions()).containsOnlyKeys("tags");
        assertThat(read(Operation.EMBED, "{'model':'m','input':'a'}").inputs())
                .containsExactly(new EmbeddingInput.Text("a"));
        assertThat(read(Operation.EMBEDDINGS, "{'model':'m','prompt':'a'}").inputs())
                .containsExactly(new EmbeddingInput.Text("a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'input':'a'}; model; INVALID_REQUEST",
                "{'model':'m'}; input; UNSUPPORTED",
                "{'model':'m','input':''}; input; UNSUPPORTED",
                "{'model':'m','input':[]}; input; UNSUPPORTED",
                "{'model':'m','input':7}; input; INVALID_REQUEST",
                "{'model':'m','input':['a',1]}; input[1]; INVALID_REQUEST",
                "{'model':'m','input':'a','truncate':1}; truncate; INVALID_REQUEST",
                "{'model':'m','input':'a','dimensions':-1}; dimensions; INVALID_REQUEST",
                "{'model':'m','input':'a','dimensions':1.5}; dimensions; INVALID_REQUEST",
            })
    void aMistakeIsNamedByItsField(String body, String field, ErrorKind kind) {
        assertThatThrownBy(() -> read(Operation.EMBED, body))
                .hasMessageContaining('"' + field + '"')
                .isInstanceOfSatisfying(GatewayException.class, e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    assertThat(e.parameter()).isEqualTo(field);
                });
    }

    @Test
    void bothFormsAreRelayedToTheirOwnPathByteForByte() throws GatewayException {
        EmbeddingsRequest now = read(Operation.EMBED, "{ 'input':['a'], 'model':'p/m','options':{'x':1.0} }");
        HttpCall call = Ollama.embed(now.withModel("e"), Auth.BEARER).call();
        assertThat(call.path()).isEqualTo("/api/embed");
        assertThat(call.relay()).isTrue();
        assertThat(text(call.body()))
                .isEqualTo("{ 'input':['a'], 'model':'e','options':{'x':1.0} }".replace('\'', '"'));
        String answer = "{\"model\":\"e\",\"embeddings\":[[1]],\"prompt_eval_count\":3,\"new\":{}}\n";
        Recorder<EmbeddingsResponse> got = answer(now, answer);
        assertThat(got.frames.get(0)).isEqualTo(answer);
        assertThat(got.meanings.get(0).usage()).isEqualTo(Usage.of(3, -1));

        EmbeddingsRequest before = read(Operation.EMBEDDINGS, "{'model':'m','prompt':'a'}");
        assertThat(Ollama.embed(before, Auth.BEARER).call().path()).isEqualTo("/api/embeddings");
        assertThat(answer(before, "{\"embedding\":[1.0]}").frames.get(0)).isEqualTo("{\"embedding\":[1.0]}");
    }

    @Test
    void theOlderFormIsAnsweredWithOneVectorAndNothingElse() throws GatewayException {
        EmbeddingsRequest before = read(Operation.EMBEDDINGS, "{'model':'m','prompt':'a'}");
        EmbeddingsResponse response = EmbeddingsResponse.of(List.of(new float[] {0.5f, -1}));
        assertThat(text(new EmbedEndpoint(Operation.EMBEDDINGS)
                        .whole(before, Recorder.served(), response.withUsage(Usage.of(3, -1)))
                        .bytes()))
                .isEqualTo("{\"embedding\":[0.5,-1.0]}");
    }

    @Test
    void anAnswerTellsItsTimesAndWhatItRead() throws GatewayException {
        EmbeddingsRequest read = read(Operation.EMBED, "{'model':'m','input':'a'}");
        EmbeddingsResponse response = EmbeddingsResponse.of(List.of(new float[] {0.5f}));
        assertThat(text(new EmbedEndpoint(Operation.EMBED)
                        .whole(read, Recorder.served(), response.withModel("e").withUsage(Usage.of(3, -1)))
                        .bytes()))
                .matches(
                        "\\{\"model\":\"e\",\"embeddings\":\\[\\[0.5\\]\\],\"total_duration\":\\d+,\"load_duration\":0,"
                                + "\"prompt_eval_count\":3\\}");
    }
}
