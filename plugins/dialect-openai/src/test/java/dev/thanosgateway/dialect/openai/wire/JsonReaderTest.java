package dev.thanosgateway.dialect.openai.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

class JsonReaderTest {
    private static final JsonFactory JACKSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final String[] SAMPLES = {
        "{\"a\":1,\"b\":[true,false,null,-0.5e+10,\"x\\n\\u00e9\\ud83d\\ude00é😀\"],\"c\":{\"a\":{},\"d\":[]}}",
        "[0,1.25,-3,1E5,\"\",\"a long enough string to be read eight bytes at a time\",{\"k\":\"v\"}]",
        " { \"same\" : { \"x\" : 1 , \"y\" : 2 } , \"other\" : { \"x\" : 1 } } ",
    };

    @Test
    void takesAndRefusesWhatAnotherParserDoes() {
        long seed = Long.getLong("thanos.seed", System.nanoTime());
        Random random = new Random(seed);
        int taken = 0;
        for (int round = 0; round < 60_000; round++) {
            byte[] bytes = SAMPLES[round % SAMPLES.length].getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(3); change >= 0; change--) {
                bytes = changed(bytes, random);
            }
            boolean ours = takes(bytes);
            taken += ours ? 1 : 0;
            assertThat(ours)
                    .as("seed %d round %d: %s", seed, round, new String(bytes, StandardCharsets.UTF_8))
                    .isEqualTo(jacksonTakes(bytes));
        }
        assertThat(taken)
                .as("seed %d: some must be good, or nothing was tested", seed)
                .isGreaterThan(1000);
    }

    private static byte[] changed(byte[] bytes, Random random) {
        String pieces = "{}[]:,\"\\ 01.eE+-tfnua\n\t\u0001";
        byte[] out = bytes.clone();
        int at = random.nextInt(out.length);
        switch (random.nextInt(4)) {
            case 0 -> out[at] = (byte) pieces.charAt(random.nextInt(pieces.length()));
            case 1 -> out[at] = (byte) random.nextInt(256);
            case 2 -> {
                out = new byte[bytes.length - 1];
                System.arraycopy(bytes, 0, out, 0, at);
                System.arraycopy(bytes, at + 1, out, at, out.length - at);
            }
            default -> out[at] = bytes[random.nextInt(bytes.length)];
        }
        return out;
    }

    private static boolean takes(byte[] bytes) {
        try {
            JsonReader json = JsonReader.strict(bytes, 0, bytes.length, 100);
            json.skip();
            json.end();
            return true;
        } catch (JsonException e) {
            return false;
        }
    }

    /** Jackson, with strict UTF-8 before it and lone surrogates looked for behind it. */
    private static boolean jacksonTakes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            return false;
        }
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), bytes)) {
            int values = 0;
            while (parser.nextToken() != null) {
                values += parser.streamReadContext().inRoot()
                                && !parser.currentToken().isStructStart()
                        ? 1
                        : 0;
                String text = parser.getString();
                if (text != null && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                    return false;
                }
            }
            return values == 1;
        } catch (JacksonException e) {
            return false;
        }
    }

    @Test
    void readsWhatWasAskedFor() throws JsonException {
        byte[] bytes = "{\"a\\u0062\":\"x\\ty\\ud83d\\ude00\",\"n\":-12.50,\"i\":1e3,\"z\":null,\"j\":[ 1, {} ]}"
                .getBytes(StandardCharsets.UTF_8);
        JsonReader json = JsonReader.strict(bytes, 0, bytes.length, 10);

        json.enterObject();
        assertThat(json.nextMember()).isTrue();
        assertThat(json.name()).isEqualTo("ab");
        assertThat(json.string()).isEqualTo("x\ty😀");
        assertThat(json.nextMember()).isTrue();
        assertThat(json.number()).isEqualTo(-12.5);
        assertThat(json.nextMember()).isTrue();
        assertThat(json.integer()).isEqualTo(1000);
        assertThat(json.nextMember()).isTrue();
        assertThat(json.skipNull()).isTrue();
        assertThat(json.nextMember()).isTrue();
        assertThat(json.json().text()).isEqualTo("[ 1, {} ]");
        assertThat(json.nextMember()).isFalse();
        json.end();
    }

    @Test
    void aNameThatComesTwiceIsFoundAmongThousandsAndForgottenWithItsObject() throws JsonException {
        StringBuilder text = new StringBuilder("{\"o\":[");
        for (int i = 0; i < 3000; i++) {
            text.append("{\"x\":{\"x\":1},\"n").append(i).append("\":2},");
        }
        text.append("{}]");
        for (int i = 0; i < 3000; i++) {
            text.append(",\"n").append(i).append("\":0");
        }
        byte[] good = (text + "}").getBytes(StandardCharsets.UTF_8);
        byte[] bad = (text + ",\"n1234\":0}").getBytes(StandardCharsets.UTF_8);

        JsonReader json = JsonReader.strict(good, 0, good.length, 10);
        json.skip();
        json.end();
        assertThatThrownBy(() -> JsonReader.strict(bad, 0, bad.length, 10).skip())
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("\"n1234\" comes twice");
    }

    @Test
    void badUtf8IsTakenAsItIsWhereItIsNotOursToJudge() throws JsonException {
        byte[] bytes = {'[', '"', 'a', (byte) 0xFF, (byte) 0xC3, '"', ']'};

        JsonReader json = JsonReader.lenient(bytes, 0, bytes.length);
        json.skip();
        json.end();
    }

    @Test
    void whatIsWrittenIsReadTheSame() throws JsonException {
        String text = "q\" b\\ /\b\f\n\r\t\u0000\u001f\u007f é € 😀 \ud83d x \ude00 \u2028";
        JsonWriter writer = new JsonWriter(4).beginObject().name("t\"").value(text);
        writer.name("d")
                .value(0.7)
                .name("w")
                .value(3.0)
                .name("big")
                .value(1e300)
                .name("l")
                .value(-5);
        byte[] bytes = writer.endObject().toBytes();

        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .contains("\\ud83d x \\ude00", "\"d\":0.7,\"w\":3,\"big\":1.0E300,\"l\":-5", "\\u0000\\u001f")
                .doesNotContain("\n");
        JsonReader json = JsonReader.lenient(bytes, 0, bytes.length);
        json.enterObject();
        assertThat(json.nextMember()).isTrue();
        assertThat(json.name()).isEqualTo("t\"");
        assertThat(json.string()).isEqualTo(text);
    }

    @Test
    void anObjectManyArraysDeepIsReadLikeAnyOther() throws JsonException {
        for (int depth : new int[] {1, 15, 16, 31, 32, 33, 62, 100}) {
            byte[] bytes = ("[".repeat(depth) + "{\"a\":1}" + "]".repeat(depth)).getBytes(StandardCharsets.UTF_8);
            JsonReader json = JsonReader.strict(bytes, 0, bytes.length, 200);
            json.skip();
            json.end();
        }
    }

    @Test
    void aNumberLongerThanOthersReadIsRefused() {
        for (int digits : new int[] {1_000, 1_001}) {
            byte[] bytes = "7".repeat(digits).getBytes(StandardCharsets.UTF_8);
            JsonReader json = JsonReader.strict(bytes, 0, bytes.length, 200);
            if (digits == 1_000) {
                assertThatCode(json::skip).doesNotThrowAnyException();
            } else {
                assertThatThrownBy(json::skip).hasMessageContaining("1000 characters");
            }
        }
    }
}
