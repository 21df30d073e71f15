package dev.thanosgateway.provider.omen;

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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks Omen for its models, then for the scores of the vendors they are at. Each of the calls asks all vendors at that
 * moment, Anthropic with a billed message, which is why they are made rarely.
 *
 * <p>Wire formats: {@code GET /v1/models}, OpenAI's list with {@code provider}, {@code context_length}, {@code
 * pricing.{input,output}_per_1k} in US dollars and {@code capabilities}; {@code GET /omen/providers/scores}, an array of
 * {@code {provider_id, overall_score, health_score, recommended, …}}.
 */
final class OmenSignals extends WholeAnswer<ModelList> {
    /** From a price per thousand tokens to one per million. */
    private static final int PER_MILLION = 1000;

    private static final List<String> CAPABILITIES = List.of("vision", "functions", "streaming");

    /** Vendors list these too, but Omen only chats. */
    private static final Pattern NO_CHAT =
            Pattern.compile("(?i).*(embed|whisper|tts|dall-e|moderation|transcri|image|rerank|sora|veo).*");

    private final @Nullable List<Listed> models;

    /** A model, and the vendor it is at. */
    private record Listed(String id, String vendor, Model.Builder model) {}

    OmenSignals() {
        this(null);
    }

    /** @param models to be given scores; null = they are to be asked for */
    private OmenSignals(@Nullable List<Listed> models) {
        this.models = models;
    }

    @Override
    public HttpCall call() {
        return HttpCall.get(models == null ? "/v1/models" : "/omen/providers/scores", Auth.BEARER)
                .withHeader("accept", "application/json");
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<ModelList> out) throws GatewayException {
        Value answer = Value.answered(bytes, from, to);
        try {
            if (models != null) {
                score(models, answer);
                out.event(list(models));
                return;
            }
            Value data = answer.members().get("data");
            if (data == null) {
                throw Protocol.failure("Omen's list of models has no \"data\". Check the provider's endpoint.");
            }
            List<Listed> listed = new ArrayList<>();
            for (Value one : data.elements()) {
                Listed model = model(one.members());
                if (!model.id().isEmpty() && !NO_CHAT.matcher(model.id()).matches()) {
                    listed.add(model);
                }
            }
            out.event(list(listed));
            out.then(new OmenSignals(listed));
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
    }

    private static ModelList list(List<Listed> models) {
        return new ModelList(models.stream().map(one -> one.model().build()).toList());
    }

    private static Listed model(Map<String, Value> said) throws JsonException {
        Map<String, Value> costs = Members.below(said, "pricing");
        Map<String, Double> pricing = new HashMap<>();
        for (String kind : List.of("input", "output")) {
            double perThousand = Members.number(costs, kind + "_per_1k", -1);
            if (perThousand >= 0) {
                // Such as 0.00015, which is no sum of powers of two.
                pricing.put(kind, Math.round(perThousand * PER_MILLION * 1e6) / 1e6);
            }
        }
        Map<String, Value> abilities = Members.below(said, "capabilities");
        Set<String> able = new HashSet<>();
        for (String name : CAPABILITIES) {
            if (Members.bool(abilities, name)) {
                able.add(name);
            }
        }
        String id = Members.text(said, "id");
        String vendor = Members.text(said, "provider");
        String owner = Members.text(said, "owned_by");
        Model.Builder model = Model.builder(id)
                .ownedBy(owner.isEmpty() ? vendor : owner)
                .created((long) Members.number(said, "created", 0))
                .contextLength((int) Math.min(Members.number(said, "context_length", 0), Integer.MAX_VALUE))
                .capabilities(able)
                .pricing(pricing);
        return new Listed(id, vendor.isEmpty() ? owner : vendor, model);
    }

    private static void score(List<Listed> models, Value answer) throws JsonException {
        Map<String, Map<String, Double>> ofVendor = new HashMap<>();
        for (Value one : answer.elements()) {
            Map<String, Value> said = one.members();
            ofVendor.put(Members.text(said, "provider_id"), scores(said));
        }
        for (Listed one : models) {
            Map<String, Double> scores = ofVendor.get(one.vendor());
            if (scores != null) {
                one.model().scores(scores);
            }
        }
    }

    private static Map<String, Double> scores(Map<String, Value> said) throws JsonException {
        Map<String, Double> scores = new HashMap<>();
        for (String name : List.of("overall", "health")) {
            Value value = said.get(name + "_score");
            if (value != null) {
                scores.put(name, value.number());
            }
        }
        Value recommended = said.get("recommended");
        if (recommended != null) {
            scores.put("recommended", recommended.bool() ? 1.0 : 0.0);
        }
        return scores;
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer answer) {
        return OmenProvider.failure(status, headers, answer);
    }
}
