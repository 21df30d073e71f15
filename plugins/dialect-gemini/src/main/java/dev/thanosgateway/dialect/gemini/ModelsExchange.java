package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeAnswer;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Asks an upstream for one page of its models, and for the next. */
final class ModelsExchange extends WholeAnswer<ModelList> {
    /** As many calls in a row as the host makes. */
    private static final int PAGES = 4;

    private static final String PATH = "/v1beta/models?pageSize=1000";

    private final Auth auth;
    private final String path;
    private final int page;
    private final List<Model> models;

    private ModelsExchange(Auth auth, String path, int page, List<Model> models) {
        this.auth = auth;
        this.path = path;
        this.page = page;
        this.models = models;
    }

    static ModelsExchange first(Auth auth) {
        return new ModelsExchange(auth, PATH, 1, new ArrayList<>());
    }

    @Override
    public HttpCall call() {
        return HttpCall.get(path, auth).withHeader("accept", "application/json");
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<ModelList> out) throws GatewayException {
        JsonNode answer = Trees.answered(bytes, from, to);
        if (answer.has("error")) {
            throw UpstreamError.within(answer);
        }
        if (!answer.path("models").isArray()) {
            throw Protocol.failure("The upstream's list of models has no \"models\". Check the provider's endpoint.");
        }
        for (JsonNode model : answer.path("models")) {
            add(model);
        }
        String next = answer.path("nextPageToken").asString("");
        if (next.isEmpty() || page == PAGES) {
            out.event(new ModelList(models));
        } else {
            String token = URLEncoder.encode(next, StandardCharsets.UTF_8);
            out.then(new ModelsExchange(auth, PATH + "&pageToken=" + token, page + 1, models));
        }
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }

    private void add(JsonNode model) {
        String name = model.path("name").asString("");
        String id = name.startsWith("models/") ? name.substring("models/".length()) : name;
        JsonNode methods = model.path("supportedGenerationMethods");
        boolean chats = methods.isMissingNode() || has(methods, "generateContent");
        boolean embeds = has(methods, "embedContent");
        if (!id.isEmpty() && (chats || embeds)) {
            models.add(Model.builder(id)
                    .name(model.path("displayName").stringValue(null))
                    .ownedBy("google")
                    .contextLength(model.path("inputTokenLimit").asInt(0))
                    .maxOutput(model.path("outputTokenLimit").asInt(0))
                    .capabilities(
                            capabilities(chats, chats && model.path("thinking").asBoolean(false), embeds))
                    .build());
        }
    }

    private static boolean has(JsonNode methods, String name) {
        return methods.valueStream().anyMatch(method -> method.asString("").equals(name));
    }

    private static Set<String> capabilities(boolean chats, boolean thinks, boolean embeds) {
        Set<String> able = new HashSet<>();
        if (chats) {
            able.add("streaming");
        }
        if (thinks) {
            able.add("reasoning");
        }
        if (embeds) {
            able.add("embeddings");
        }
        return able;
    }
}
