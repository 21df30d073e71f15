package dev.thanosgateway.dialect.anthropic;

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
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/models}, a page a call; at most four pages of a thousand. */
final class ModelsExchange extends WholeAnswer<ModelList> {
    private static final int MOST_PAGES = 4;

    private final Auth auth;
    private final List<Model> models;
    private final @Nullable String after;
    private final int page;

    ModelsExchange(Auth auth) {
        this(auth, List.of(), null, 1);
    }

    private ModelsExchange(Auth auth, List<Model> before, @Nullable String after, int page) {
        this.auth = auth;
        this.models = new ArrayList<>(before);
        this.after = after;
        this.page = page;
    }

    @Override
    public HttpCall call() {
        String from = after == null ? "" : "&after_id=" + URLEncoder.encode(after, StandardCharsets.UTF_8);
        return HttpCall.get("/v1/models?limit=1000" + from, auth)
                .withHeader(MessagesOriginal.VERSION_HEADER, EventLane.VERSION);
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<ModelList> out) throws GatewayException {
        try {
            Map<String, Value> members = Value.answered(bytes, from, to).members();
            Value data = members.get("data");
            if (data == null) {
                throw Protocol.failure("The upstream's list of models has no data. Check the provider's endpoint.");
            }
            for (Value one : data.elements()) {
                Model model = model(one.members());
                if (model != null) {
                    models.add(model);
                }
            }
            Value last = members.get("last_id");
            if (Members.bool(members, "has_more") && last != null && page < MOST_PAGES) {
                out.then(new ModelsExchange(auth, models, last.text(), page + 1));
            } else {
                out.event(new ModelList(models));
            }
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
    }

    private static @Nullable Model model(Map<String, Value> members) throws JsonException {
        Value id = members.get("id");
        if (id == null || id.text().isEmpty()) {
            return null;
        }
        Value name = members.get("display_name");
        Value capabilities = members.get("capabilities");
        return Model.builder(id.text())
                .name(name == null ? null : name.text())
                .created(seconds(members.get("created_at")))
                .contextLength(tokens(members.get("max_input_tokens")))
                .maxOutput(tokens(members.get("max_tokens")))
                .capabilities(capabilities(capabilities))
                .lacking(denied(capabilities, "image_input") ? Set.of("vision") : Set.of())
                .build();
    }

    private static long seconds(@Nullable Value created) throws JsonException {
        try {
            return created == null
                    ? 0
                    : Math.max(0, Instant.parse(created.text()).getEpochSecond());
        } catch (DateTimeParseException e) {
            return 0;
        }
    }

    private static int tokens(@Nullable Value count) throws JsonException {
        return count == null ? 0 : (int) Math.max(0, Math.min(Integer.MAX_VALUE, count.integer()));
    }

    /** Every model here streams and calls tools; the rest is said where it is known. */
    private static Set<String> capabilities(@Nullable Value said) throws JsonException {
        Set<String> known = new HashSet<>(Set.of("streaming", "functions"));
        if (said != null && said.isObject()) {
            Map<String, Value> members = said.members();
            if (supported(members.get("image_input"))) {
                known.add("vision");
            }
            if (supported(members.get("thinking"))) {
                known.add("reasoning");
            }
        }
        return known;
    }

    /** Whether it is said not to be supported; what is not spoken of is not known. */
    private static boolean denied(@Nullable Value said, String ability) throws JsonException {
        Value of = said == null || !said.isObject() ? null : said.members().get(ability);
        return of != null && of.isObject() && of.members().get("supported") != null && !supported(of);
    }

    private static boolean supported(@Nullable Value ability) throws JsonException {
        Value supported = ability == null || !ability.isObject()
                ? null
                : ability.members().get("supported");
        return supported != null && supported.bool();
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
