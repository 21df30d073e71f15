package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeAnswer;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks an upstream for its models. */
final class ModelsExchange extends WholeAnswer<ModelList> {
    private final Auth auth;

    ModelsExchange(Auth auth) {
        this.auth = auth;
    }

    @Override
    public HttpCall call() {
        return HttpCall.get("/api/tags", auth).withHeader("accept", "application/json");
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<ModelList> out) throws GatewayException {
        try {
            Value list = Answers.members(Value.answered(bytes, from, to)).get("models");
            if (list == null) {
                throw Protocol.failure(
                        "The upstream's list of models has no \"models\". Check that the provider's endpoint is an Ollama.");
            }
            List<Model> models = new ArrayList<>();
            for (Value one : list.elements()) {
                Model model = model(one.members());
                if (model != null) {
                    models.add(model);
                }
            }
            out.event(new ModelList(models));
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
    }

    private static @Nullable Model model(Map<String, Value> members) throws JsonException {
        Value named = members.get("model") == null ? members.get("name") : members.get("model");
        if (named == null || named.text().isEmpty()) {
            return null;
        }
        Value details = members.get("details");
        Set<String> able = Abilities.words(members.get("capabilities"));
        if (able.isEmpty() && details != null && embeds(details.members())) {
            able.add("embeddings");
        }
        Value context = details == null ? null : details.members().get("context_length");
        return Model.builder(named.text())
                .aliases(ModelNames.untagged(named.text()))
                .created(seconds(members.get("modified_at")))
                .contextLength(context == null ? 0 : Math.clamp(context.integer(), 0, Integer.MAX_VALUE))
                .capabilities(able)
                .lacking(lacking(able))
                .traits(Abilities.traits(able, members.get("thinking")))
                .build();
    }

    /** Servers that list no abilities tell embedding models by their architecture. */
    private static boolean embeds(Map<String, Value> details) throws JsonException {
        Value family = details.get("family");
        return family != null && family.isString() && family.text().endsWith("bert");
    }

    /** A server that lists abilities lists them all, and refuses what needs another one. */
    private static Set<String> lacking(Set<String> able) {
        if (able.isEmpty() || able.equals(Set.of("embeddings"))) {
            return Set.of();
        }
        Set<String> lacking = new HashSet<>(Set.of("functions", "vision", "reasoning"));
        lacking.removeAll(able);
        return lacking;
    }

    /** A time that cannot be read is not known. */
    private static long seconds(@Nullable Value time) throws JsonException {
        try {
            return time == null
                    ? 0
                    : Math.max(0, OffsetDateTime.parse(time.text()).toEpochSecond());
        } catch (DateTimeException e) {
            return 0;
        }
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
