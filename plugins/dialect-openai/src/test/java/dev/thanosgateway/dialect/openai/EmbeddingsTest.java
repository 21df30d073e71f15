package dev.thanosgateway.dialect.openai;

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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsTest {
    private static final EmbeddingsPath PATH = new EmbeddingsPath();
    private static final String BASE64 = "AAAAPwAAgL8=";

    private static EmbeddingsRequest read(String body) throws GatewayException {
        return PATH.read(Recorder.incoming(Recorder.utf8(body)));
    }

    private static String sent(EmbeddingsRequest request) throws GatewayException {
        return StandardCharsets.UTF_8
                .decode(OpenAi.embed(request, Auth.BEARER).call().body())
                .toString();
    }

    private static Recorder<EmbeddingsResponse> answer(EmbeddingsRequest request, String answer)
            throws GatewayException {
        Recorder<EmbeddingsResponse> out = new Recorder<>();
        Exchange<EmbeddingsResponse> exchange = OpenAi.embed(request, Auth.BEARER);
        exchange.call();
        exchange.head(200, Recorder.JSON, out);
        exchange.body(ByteBuffer.wrap(Recorder.utf8(answer)), out);
        exchange.end(out);
        return out;
    }

    private static String list(String... vectors) {
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < vectors.length; i++) {
            data.append(i == 0 ? "" : ",").append("{\"index\":").append(i).append(",\"embedding\":");
            data.append(vectors[i]).append('}');
        }
        return "{\"data\":[" + data + "],\"model\":\"e\",\"usage\":{\"prompt_tokens\":2,\"total_tokens\":2},\"new\":1}";
    }

    @Test
    void everyFormOfInputIsRead() throws GatewayException {
        assertThat(read("{\"model\":\"m\",\"input\":\"a\"}").inputs()).containsExactly(new EmbeddingInput.Text("a"));
        assertThat(read("{\"model\":\"m\",\"input\":[\"a\",\"b\"]}").inputs())
                .containsExactly(new EmbeddingInput.Text("a"), new EmbeddingInput.Text("b"));
        assertThat(read("{\"model\":\"m\",\"input\":[1,2]}").inputs())
                .containsExactly(new EmbeddingInput.Tokens(List.of(1, 2)));
        assertThat(read("{\"model\":\"m\",\"input\":[[1],[2,3]]}").inputs())
                .containsExactly(new EmbeddingInput.Tokens(List.of(1)), new EmbeddingInput.Tokens(List.of(2, 3)));
        EmbeddingsRequest all =
                read("{\"model\":\"p/m\",\"input\":\"a\",\"dimensions\":256,\"encoding_format\":\"base64\","
                        + "\"user\":\"u\",\"fallbacks\":[\"x/y\"],\"tags\":[1],\"input_type\":\"query\",\"z\":null}");
        assertThat(all.model()).isEqualTo("p/m");
        assertThat(all.dimensions()).isEqualTo(256);
        assertThat(all.base64()).isTrue();
        assertThat(all.user()).isEqualTo("u");
        assertThat(all.fallbacks()).containsExactly("x/y");
        assertThat(all.extensions()).containsOnlyKeys("tags");
        assertThat(all.hints()).containsExactly("input_type");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'input':'a'}; model",
                "{'model':'','input':'a'}; model",
                "{'model':'m'}; input",
                "{'model':'m','input':null}; input",
                "{'model':'m','input':''}; input",
                "{'model':'m','input':[]}; input",
                "{'model':'m','input':7}; input",
                "{'model':'m','input':{}}; input",
                "{'model':'m','input':['a','']}; input[1]",
                "{'model':'m','input':['a',1]}; input[1]",
                "{'model':'m','input':[{'text':'a'}]}; input[0]",
                "{'model':'m','input':[1,'a']}; input[1]",
                "{'model':'m','input':[1.5]}; input[0]",
                "{'model':'m','input':[-1]}; input[0]",
                "{'model':'m','input':[[]]}; input[0]",
                "{'model':'m','input':[[1],['a']]}; input[1][0]",
                "{'model':'m','input':[[1],2]}; input[1]",
                "{'model':'m','input':'a','dimensions':0}; dimensions",
                "{'model':'m','input':'a','dimensions':'x'}; dimensions",
                "{'model':'m','input':'a','encoding_format':'int8'}; encoding_format",
                "{'model':'m','input':'a','user':1}; user",
                "{'model':'m','input':'a','fallbacks':'x'}; fallbacks",
            })
    void aMistakeIsNamedByItsField(String body, String field) {
        assertThatThrownBy(() -> read(body.replace('\'', '"')))
                .hasMessageContaining('"' + field + '"')
                .isInstanceOfSatisfying(GatewayException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
                    assertThat(e.parameter()).isEqualTo(field);
                });
    }

    @Test
    void upTo2048InputsAreTaken() throws GatewayException {
        String most = String.join(",", Collections.nCopies(2048, "\"a\""));
        assertThat(read("{\"model\":\"m\",\"input\":[" + most + "]}").inputs()).hasSize(2048);
        assertThatThrownBy(() -> read("{\"model\":\"m\",\"input\":[" + most + ",\"a\"]}"))
                .hasMessageContaining("2048");
    }

    @Test
    void whatIsRelayedKeepsItsBytesButForTheModelAndTheGatewaysFields() throws GatewayException {
        EmbeddingsRequest request =
                read("{ \"tags\":[1],\"input\" : [[1, 2]],\"model\":\"p/m\" , \"new\":1.0,\"fallbacks\":[] }");
        assertThat(sent(request.withModel("other")))
                .isEqualTo("{ \"input\" : [[1, 2]],\"model\":\"other\" , \"new\":1.0 }");
        assertThat(OpenAi.embed(request, Auth.BEARER).call().relay()).isTrue();
    }

    @Test
    void anAnswerAsItWasAskedForGoesThroughByteForByte() throws GatewayException {
        String floats = " " + list("[ 0.5,-1.0 ]") + "\n";
        Recorder<EmbeddingsResponse> plain = answer(read("{\"model\":\"m\",\"input\":\"a\"}"), floats);
        assertThat(plain.text()).isEqualTo(floats);
        assertThat(plain.finishTold()).isTrue();
        assertThat(plain.usage).isEqualTo(Usage.of(2, -1));
        String base64 = list('"' + BASE64 + '"');
        assertThat(answer(read("{\"model\":\"m\",\"input\":\"a\",\"encoding_format\":\"base64\"}"), base64)
                        .text())
                .isEqualTo(base64);
    }

    @Test
    void aRelayedAnswerHasAUsageAlsoWhereTheUpstreamCountsNothing() throws GatewayException {
        EmbeddingsRequest request = read("{\"model\":\"m\",\"input\":\"a\"}");
        String usage = "\"usage\":{\"prompt_tokens\":2,\"total_tokens\":2},";
        String zeros = "\"usage\":{\"prompt_tokens\":0,\"total_tokens\":0},";
        String counted = list("[0.5]");

        assertThat(answer(request, counted.replace(usage, "")).text())
                .isEqualTo("{" + zeros + counted.replace(usage, "").substring(1));
        for (String nothing : List.of("null", "{}")) {
            Recorder<EmbeddingsResponse> answer = answer(request, counted.replace(usage, "\"usage\":" + nothing + ","));
            assertThat(answer.text()).isEqualTo(counted.replace(usage, zeros));
            assertThat(answer.usage).isNull();
        }
    }

    @Test
    void anEncodingTheUpstreamDoesNotKnowIsMadeHere() throws GatewayException {
        EmbeddingsRequest request = read("{\"model\":\"m\",\"input\":\"a\",\"encoding_format\":\"base64\"}");
        EmbeddingsResponse floats = answer(request, list("[0.5,-1]")).events.get(0);
        assertThat(text(PATH.whole(request, Recorder.served(), floats).bytes()))
                .isEqualTo("{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":\""
                        + BASE64 + "\"}],\"model\":\"e\",\"usage\":{\"prompt_tokens\":2,\"total_tokens\":2}}");
        EmbeddingsRequest plain = read("{\"model\":\"m\",\"input\":\"a\"}");
        EmbeddingsResponse decoded =
                answer(plain, list('"' + BASE64 + '"')).events.get(0);
        assertThat(text(PATH.whole(plain, Recorder.served(), decoded).bytes())).contains("\"embedding\":[0.5,-1.0]");
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Test
    void usageIsTheShapesOwnAlsoWhereNothingWasCounted() throws GatewayException {
        EmbeddingsRequest request = read("{\"model\":\"m\",\"input\":\"a\"}");
        EmbeddingsResponse uncounted = EmbeddingsResponse.of(List.of(new float[] {1}));

        assertThat(text(PATH.whole(request, Recorder.served(), uncounted).bytes()))
                .endsWith("\"usage\":{\"prompt_tokens\":0,\"total_tokens\":0}}");
        assertThat(text(PATH.whole(request, Recorder.served(), uncounted.withUsage(Usage.of(3, -1)))
                        .bytes()))
                .endsWith("\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}");
    }

    @Test
    void vectorsInAnotherOrderArePutInTheOrderOfTheInputs() throws GatewayException {
        String turned = "{\"data\":[{\"embedding\":[2],\"index\":1},{\"embedding\":[1],\"index\":0}]}";
        EmbeddingsResponse response = answer(read("{\"model\":\"m\",\"input\":[\"a\",\"b\"]}"), turned)
                .events
                .get(0);
        assertThat(response.vectors().stream().map(Arrays::toString)).containsExactly("[1.0]", "[2.0]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'data':[{'index':0,'embedding':[1]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':0,'embedding':[1]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':2,'embedding':[1]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':1,'embedding':[]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':1,'embedding':'AAA'}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':1,'embedding':'AADAfw=='}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':1}]}",
                "{'data':{}}",
                "{'data':null}",
            })
    void whatIsNoVectorForEachInputIsAProtocolErrorOnRelayToo(String answer) throws GatewayException {
        EmbeddingsRequest request = read("{\"model\":\"m\",\"input\":[\"a\",\"b\"]}");
        assertThatThrownBy(() -> answer(request, answer.replace('\'', '"')))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    @Test
    void anErrorInAGoodAnswerIsThatError() throws GatewayException {
        EmbeddingsRequest request = read("{\"model\":\"m\",\"input\":\"a\"}");
        assertThatThrownBy(() -> answer(request, "{\"error\":{\"message\":\"no\",\"code\":\"model_not_found\"}}"))
                .extracting("kind")
                .isEqualTo(ErrorKind.MODEL_NOT_FOUND);
    }
}
