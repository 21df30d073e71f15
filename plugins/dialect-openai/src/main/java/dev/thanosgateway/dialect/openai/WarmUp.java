package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;

/** The answer to a request that only prepares the next one: a response without output, which no model has seen. */
final class WarmUp {
    private WarmUp() {}

    private record Nobody(long created) implements Served {
        @Override
        public String requestId() {
            return "";
        }

        @Override
        public String provider() {
            return "";
        }

        @Override
        public String model() {
            return "";
        }
    }

    /**
     * Refuses what the next message would be refused for, wherever it goes: nobody else looks at a request that no model
     * answers.
     *
     * @throws GatewayException INVALID_REQUEST naming the field
     */
    static void check(RequestBody asked) throws GatewayException {
        try {
            OfferedTools.of(asked);
            Value input = asked.member("input");
            if (input != null && (!input.isArray() || !input.elements().isEmpty())) {
                ResponsesContent.read(asked);
            }
        } catch (JsonException e) {
            throw RequestBody.invalid(e);
        } catch (GatewayException e) {
            if (e.kind() == ErrorKind.INVALID_REQUEST) {
                throw e;
            }
            // What has no counterpart elsewhere may be relayed.
        }
    }

    /** @return the response's id */
    static String tell(RequestBody asked, Consumer<ByteBuffer> messages) {
        ResponseJson response = new ResponseJson(asked, new Nobody(System.currentTimeMillis() / 1000));
        response.startedBy(asked.model(), 0);
        JsonWriter begun = new JsonWriter(1024);
        begun.beginObject()
                .name("type")
                .value("response.created")
                .name("sequence_number")
                .value(0);
        response.begun(begun.name("response"));
        messages.accept(begun.endObject().toBuffer());
        JsonWriter ended = new JsonWriter(1024);
        ended.beginObject()
                .name("type")
                .value("response.completed")
                .name("sequence_number")
                .value(1);
        OutputItems nothing = new OutputItems(response.key(), Map::of, new OutputItems.Steps() {});
        response.ended(ended.name("response"), nothing, Usage.of(0, 0));
        messages.accept(ended.endObject().toBuffer());
        return "resp_" + response.key();
    }
}
