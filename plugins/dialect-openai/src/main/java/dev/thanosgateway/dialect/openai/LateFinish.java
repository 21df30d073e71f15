package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.util.Map;
import java.util.Set;

/** The last chunk of a relayed stream whose upstream sent its end mark without a finish reason. */
final class LateFinish {
    private static final Set<String> OF_THE_CHOICES = Set.of("choices", "usage", "obfuscation");

    private LateFinish() {}

    /**
     * A chunk that finishes choices.
     *
     * @param first an earlier chunk of the same answer, whose other members it has
     * @param reasons the finish reason by the choice's index
     * @param chat whether choices have deltas; else they have texts, as legacy completions do
     */
    static byte[] chunk(byte[] first, Map<Integer, String> reasons, boolean chat) throws GatewayException {
        JsonWriter out = new JsonWriter(256).beginObject();
        JsonReader json = JsonReader.lenient(first, 0, first.length);
        try {
            json.enterObject();
            while (json.nextMember()) {
                String name = json.name();
                if (OF_THE_CHOICES.contains(name)) {
                    json.skip();
                } else {
                    out.name(name).value(json.json());
                }
            }
        } catch (JsonException e) {
            throw NoAnswer.badPayload(e);
        }
        out.name("choices").beginArray();
        reasons.forEach((index, reason) -> {
            out.beginObject().name("index").value(index.intValue());
            if (chat) {
                out.name("delta").beginObject().endObject();
            } else {
                out.name("text").value("").name("logprobs").nullValue();
            }
            out.name("finish_reason").value(reason).endObject();
        });
        return out.endArray().endObject().toBytes();
    }
}
