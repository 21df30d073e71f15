package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.answer.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of embeddings as an upstream answers it. Each is looked at, on the relay too. */
final class VectorsJson {
    private static final String NOTHING_COUNTED = "{\"prompt_tokens\":0,\"total_tokens\":0}";

    private final float[][] vectors;
    private int read;
    private int strings;
    private boolean ordered = true;
    private @Nullable String model;
    private @Nullable Usage usage;
    private int open;
    private int usageFrom = -1;
    private int usageTo;

    private VectorsJson(int inputs) {
        vectors = new float[inputs][];
    }

    /**
     * @throws GatewayException UPSTREAM_PROTOCOL unless it has one vector for each input; the error, when it is one
     */
    static VectorsJson read(JsonReader json, int inputs) throws JsonException, GatewayException {
        VectorsJson answer = new VectorsJson(inputs);
        boolean list = false;
        json.enterObject();
        answer.open = json.position();
        while (json.nextMember()) {
            String name = json.name();
            if (name.equals("usage")) {
                answer.usage(json);
                continue;
            }
            if (json.skipNull()) {
                continue;
            }
            switch (name) {
                case "data" -> {
                    list = true;
                    answer.list(json);
                }
                case "model" -> answer.model = ChoiceReader.text(json);
                case "error" -> {
                    GatewayException failure = UpstreamError.beside(json);
                    if (failure != null) {
                        throw failure;
                    }
                }
                default -> json.skip();
            }
        }
        json.end();
        if (!list) {
            throw Protocol.noVectors();
        }
        if (answer.read != inputs) {
            throw Protocol.vectors(answer.read, inputs);
        }
        return answer;
    }

    private void usage(JsonReader json) throws JsonException {
        json.peek();
        usageFrom = json.position();
        usage = json.skipNull() ? null : UsageJson.read(json);
        usageTo = json.position();
    }

    /** What a relay changes: this language's answers have a usage, also where the upstream counts nothing. */
    Edits edits() {
        Edits edits = new Edits();
        if (usage == null && usageFrom < 0) {
            edits.replace(open, open, "\"usage\":" + NOTHING_COUNTED + ',');
        } else if (usage == null) {
            edits.replace(usageFrom, usageTo, NOTHING_COUNTED);
        }
        return edits;
    }

    /** The order of the inputs is told by {@code index}; where that is missing, it is the order of the list. */
    private void list(JsonReader json) throws JsonException, GatewayException {
        json.enterArray();
        while (json.nextElement()) {
            float[] vector = null;
            long index = read;
            boolean string = false;
            json.enterObject();
            while (json.nextMember()) {
                switch (json.name()) {
                    case "index" -> index = json.skipNull() ? read : json.integer();
                    case "embedding" -> {
                        string = json.peek() == '"';
                        vector = Floats.read(json);
                    }
                    default -> json.skip();
                }
            }
            if (vector == null) {
                throw Protocol.noVectors();
            }
            ordered &= index == read++;
            strings += string ? 1 : 0;
            if (index < 0 || index >= vectors.length || vectors[(int) index] != null) {
                throw Protocol.vectors(read, vectors.length);
            }
            vectors[(int) index] = vector;
        }
    }

    /** One for each input, in their order. */
    List<float[]> vectors() {
        return new ArrayList<>(Arrays.asList(vectors));
    }

    /** Whether they came in the order of the inputs. */
    boolean inOrder() {
        return ordered;
    }

    /** Whether each is a string of base64, or none is. */
    boolean isAll(boolean base64) {
        return strings == (base64 ? vectors.length : 0);
    }

    @Nullable
    String model() {
        return model;
    }

    /** What is counted of an embedding is its input. */
    @Nullable
    Usage usage() {
        return usage;
    }
}
