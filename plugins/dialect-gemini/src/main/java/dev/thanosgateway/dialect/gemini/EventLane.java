package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A chat that is translated: the request written from its content, the answer read into events. */
final class EventLane implements Lane {
    private final ChatRequest request;
    private final Map<Integer, CandidateReader> candidates = new TreeMap<>();
    private Set<String> dropped = Set.of();
    private @Nullable ModelFit fit;
    private boolean started;
    private @Nullable String id;
    private @Nullable Usage usage;

    EventLane(ChatRequest request) {
        this.request = request;
    }

    @Override
    public byte[] request() throws GatewayException {
        ModelFit fitted = ModelFit.of(request);
        fit = fitted;
        RequestWriter writer = new RequestWriter(request, fitted);
        byte[] body = writer.write();
        dropped = writer.dropped();
        return body;
    }

    @Override
    public Set<String> dropped() {
        return dropped;
    }

    @Override
    public boolean complete() {
        return !candidates.isEmpty() && candidates.values().stream().allMatch(CandidateReader::finished);
    }

    @Override
    public void piece(JsonNode piece, ByteBuffer raw, Sink<ChatEvent> out) throws GatewayException {
        tell(piece, out);
        Usage counted = UsageJson.read(piece.path("usageMetadata"));
        if (counted != null && (usage == null || !counted.equals(usage))) {
            usage = counted;
            out.event(new ChatEvent.UsageSoFar(counted));
        }
    }

    private void tell(JsonNode piece, Sink<ChatEvent> out) throws GatewayException {
        if (!started) {
            started = true;
            id = piece.path("responseId").stringValue(null);
            out.event(new ChatEvent.Started(id, piece.path("modelVersion").stringValue(null), created(piece)));
        }
        String blocked = Progress.blockReason(piece);
        if (blocked != null && candidates.isEmpty() && piece.path("candidates").isEmpty()) {
            throw NoAnswer.blocked(blocked);
        }
        // The tools have the caller's names.
        Sink<ChatEvent> restored = fit == null ? out : fit.restoring(out);
        for (JsonNode candidate : piece.path("candidates")) {
            int index = candidate.path("index").asInt(0);
            candidates.computeIfAbsent(index, CandidateReader::new).tell(candidate, id, restored);
        }
        refuseNothing();
    }

    /** An answer in which no candidate says anything is none. */
    private void refuseNothing() throws GatewayException {
        JsonNode nothing = null;
        for (CandidateReader candidate : candidates.values()) {
            nothing = candidate.nothing();
            if (nothing == null) {
                return;
            }
        }
        if (nothing != null) {
            throw NoAnswer.nothing(nothing);
        }
    }

    private static long created(JsonNode piece) {
        try {
            String time = piece.path("createTime").stringValue(null);
            return time == null ? 0 : Instant.parse(time).getEpochSecond();
        } catch (DateTimeParseException e) {
            return 0;
        }
    }

    @Override
    public void whole(JsonNode answer, ByteBuffer raw, Sink<ChatEvent> out) throws GatewayException {
        tell(answer, out);
        usage = UsageJson.read(answer.path("usageMetadata"));
        if (candidates.isEmpty()) {
            throw NoAnswer.noCandidates();
        }
        finish(out);
    }

    @Override
    public void finish(Sink<ChatEvent> out) throws GatewayException {
        if (!complete()) {
            throw Protocol.cut();
        }
        for (CandidateReader candidate : candidates.values()) {
            candidate.finish(out);
        }
        out.event(new ChatEvent.Finished(usage));
    }
}
