package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a chat request's bytes: refuses what is malformed, takes what routing needs, and notes the edits a
 * relay must make. Immutable once made.
 */
final class RequestScan {
    private final RequestEnvelope body;
    private final FieldCheck check;
    private final JsonReader json;
    private boolean stream;
    private boolean streamUsage;
    private int choices = 1;
    private int messagesFrom = -1;
    private @Nullable Json system;

    private RequestScan(byte[] bytes, int from) {
        body = new RequestEnvelope(bytes, from);
        json = body.json();
        check = body.check();
    }

    /**
     * @param from where the JSON begins in {@code bytes}
     * @throws GatewayException INVALID_REQUEST naming the field
     */
    static RequestScan of(byte[] bytes, int from) throws GatewayException {
        RequestScan scan = new RequestScan(bytes, from);
        scan.body.read("messages", scan::member);
        scan.complete();
        return scan;
    }

    String model() {
        return body.model();
    }

    boolean stream() {
        return stream;
    }

    boolean streamUsage() {
        return streamUsage;
    }

    /** How many answers were asked for. */
    int choices() {
        return choices;
    }

    List<String> fallbacks() {
        return body.fallbacks();
    }

    Map<String, Json> extensions() {
        return body.extensions();
    }

    /** What the request has that a model could refuse. */
    RequestFacts facts() {
        return check.facts();
    }

    /**
     * The scanned bytes from {@code from} on as they go upstream: the model renamed, this gateway's fields gone.
     *
     * @param limit the name that the endpoint knows of the answer's limit; null = unknown, as it is
     */
    byte[] relay(byte[] bytes, int from, String renamed, @Nullable String limit) {
        Edits more = new Edits();
        if (limit != null) {
            facts().nameLimit(limit, more);
        }
        return body.relay(bytes, from, renamed, more);
    }

    /** Reads a member that is the chat's own; false = it goes no further. */
    private boolean member(String name) throws JsonException, GatewayException {
        switch (name) {
            case "messages" -> {
                check.wants(name, '[', "an array of messages");
                messagesFrom = json.position() + 1;
                new MessageCheck(json, check).messages();
            }
            case "stream" -> stream = !json.skipNull() && check.bool(name);
            case "stream_options" -> streamOptions(name);
            case "n" -> choices(name);
            case "system" -> {
                if (!json.skipNull()) {
                    check.wants(name, '"', "a string");
                    system = json.json();
                }
                return false;
            }
            default -> field(name);
        }
        return true;
    }

    private void field(String name) throws JsonException, GatewayException {
        boolean said = json.peek() != 'n';
        int from = json.position();
        check.field(name);
        if (said) {
            facts().member(name, json, from);
        }
    }

    private void streamOptions(String name) throws JsonException, GatewayException {
        if (json.skipNull()) {
            return;
        }
        facts().streamOptions();
        check.wants(name, '{', "an object");
        check.into(name);
        json.enterObject();
        while (json.nextMember()) {
            if (json.name().equals("include_usage")) {
                streamUsage = !json.skipNull() && check.bool("include_usage");
            } else {
                json.skip();
            }
        }
        check.out();
    }

    private void choices(String name) throws JsonException, GatewayException {
        if (!json.skipNull()) {
            long wanted = check.integer(name);
            if (wanted < 1 || wanted > 4096) {
                throw check.invalid(name, "must be a number of answers, at least 1, not " + wanted + ".");
            }
            choices = (int) wanted;
            facts().choices(choices);
        }
    }

    private void complete() throws GatewayException {
        if (messagesFrom < 0) {
            throw check.invalid("messages", "is required: send an array with at least one message.");
        }
        if (system != null && !system.text().equals("\"\"")) {
            body.edits().replace(messagesFrom, messagesFrom, "{\"role\":\"system\",\"content\":" + system + "},");
        }
    }
}
