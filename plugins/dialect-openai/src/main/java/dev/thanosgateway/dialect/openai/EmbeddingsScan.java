package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over the bytes of a request for embeddings. Immutable once made. */
final class EmbeddingsScan {
    private static final int MOST_INPUTS = 2048;
    private static final String FORMS =
            "a string, an array of strings, or tokens: an array of integers, or of such arrays";

    private final RequestEnvelope body;
    private final FieldCheck check;
    private final JsonReader json;
    private final List<EmbeddingInput> inputs = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();
    private int dimensions;
    private boolean base64;
    private @Nullable String user;

    private EmbeddingsScan(byte[] bytes, int from) {
        body = new RequestEnvelope(bytes, from);
        json = body.json();
        check = body.check();
    }

    /**
     * @param from where the JSON begins in {@code bytes}
     * @throws GatewayException INVALID_REQUEST naming the field
     */
    static EmbeddingsScan of(byte[] bytes, int from) throws GatewayException {
        EmbeddingsScan scan = new EmbeddingsScan(bytes, from);
        scan.body.read("input", scan::member);
        // Vectors of different models cannot be compared, so nothing chooses one.
        scan.body.requireModel("embeddings have no default. Name one that makes them; GET /v1/models lists them.");
        if (scan.inputs.isEmpty()) {
            throw scan.check.invalid("input", "is required: send " + FORMS + ".");
        }
        return scan;
    }

    EmbeddingsRequest.Builder request() {
        return EmbeddingsRequest.builder(body.model())
                .inputs(inputs)
                .dimensions(dimensions)
                .base64(base64)
                .user(user)
                .hints(hints)
                .fallbacks(body.fallbacks())
                .extensions(body.extensions());
    }

    /** The scanned bytes from {@code from} on as they go upstream: the model renamed, this gateway's fields gone. */
    byte[] relay(byte[] bytes, int from, String renamed) {
        return body.relay(bytes, from, renamed);
    }

    private boolean member(String name) throws JsonException, GatewayException {
        if (name.equals("input")) {
            input(name);
        } else if (!json.skipNull()) {
            switch (name) {
                case "dimensions" -> dimensions = dimensions(name);
                case "encoding_format" -> base64 = base64(name);
                case "user" -> user = check.string(name);
                default -> {
                    hints.add(name);
                    json.skip();
                }
            }
        }
        return true;
    }

    private int dimensions(String name) throws JsonException, GatewayException {
        long wanted = check.integer(name);
        if (wanted < 1 || wanted > Integer.MAX_VALUE) {
            throw check.invalid(name, "must be a number of dimensions, at least 1, not " + wanted + ".");
        }
        return (int) wanted;
    }

    private boolean base64(String name) throws JsonException, GatewayException {
        String format = check.string(name);
        if (!format.equals("float") && !format.equals("base64")) {
            throw check.invalid(name, "must be \"float\" or \"base64\".");
        }
        return format.equals("base64");
    }

    private void input(String name) throws JsonException, GatewayException {
        if (json.peek() == '"') {
            inputs.add(text(name));
            return;
        }
        check.wants(name, '[', FORMS);
        json.enterArray();
        if (!json.nextElement()) {
            throw check.invalid(name, "must not be an empty array: send at least one input.");
        }
        int first = json.peek();
        if (first != '"' && first != '[') {
            inputs.add(tokens(name, true));
            return;
        }
        do {
            String path = name + '[' + inputs.size() + ']';
            if (inputs.size() == MOST_INPUTS) {
                throw check.invalid(
                        name, "must not have more than " + MOST_INPUTS + " elements. Send them in batches.");
            }
            if (first == '"') {
                check.wants(path, '"', "a string, as the first element is");
                inputs.add(text(path));
            } else {
                check.wants(path, '[', "an array of tokens, as the first element is");
                json.enterArray();
                inputs.add(tokens(path, json.nextElement()));
            }
        } while (json.nextElement());
    }

    private EmbeddingInput text(String path) throws JsonException, GatewayException {
        String text = check.string(path);
        if (text.isEmpty()) {
            throw check.invalid(path, "must not be an empty string.");
        }
        return new EmbeddingInput.Text(text);
    }

    /** @param any whether the array just entered has an element, which the reader stands before */
    private EmbeddingInput tokens(String path, boolean any) throws JsonException, GatewayException {
        if (!any) {
            throw check.invalid(path, "must not be an empty array: send at least one token.");
        }
        List<Integer> tokens = new ArrayList<>();
        do {
            String at = path + '[' + tokens.size() + ']';
            long token = check.integer(at);
            if (token < 0 || token > Integer.MAX_VALUE) {
                throw check.invalid(at, "must be a token, an integer of at least 0, not " + token + ".");
            }
            tokens.add((int) token);
        } while (json.nextElement());
        return new EmbeddingInput.Tokens(tokens);
    }
}
