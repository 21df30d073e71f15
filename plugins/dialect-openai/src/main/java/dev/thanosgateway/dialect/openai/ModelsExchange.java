package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeAnswer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks an upstream for its models. */
final class ModelsExchange extends WholeAnswer<ModelList> {
    private final Auth auth;

    ModelsExchange(Auth auth) {
        this.auth = auth;
    }

    @Override
    public HttpCall call() {
        return HttpCall.get("/v1/models", auth).withHeader("accept", "application/json");
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<ModelList> out) throws GatewayException {
        List<Model> models;
        try {
            models = read(JsonReader.lenient(bytes, from, to));
        } catch (JsonException e) {
            throw NoAnswer.badAnswer(e);
        }
        if (models == null) {
            throw Protocol.failure("The upstream's list of models has no \"data\". Check the provider's endpoint.");
        }
        out.event(new ModelList(models));
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }

    /** The list is {@code data}, or the answer itself; null when there is none. */
    private static @Nullable List<Model> read(JsonReader json) throws JsonException, GatewayException {
        List<Model> models = null;
        if (json.peek() == '[') {
            models = list(json);
        } else {
            json.enterObject();
            while (json.nextMember()) {
                String name = json.name();
                if (json.skipNull()) {
                    continue;
                }
                switch (name) {
                    case "data" -> models = list(json);
                    case "error" -> throw UpstreamError.within(json);
                    default -> json.skip();
                }
            }
        }
        json.end();
        return models;
    }

    private static List<Model> list(JsonReader json) throws JsonException {
        List<Model> models = new ArrayList<>();
        json.enterArray();
        while (json.nextElement()) {
            Model model = model(json);
            if (model != null) {
                models.add(model);
            }
        }
        return models;
    }

    /** What is beside OpenAI's own fields goes by several names. */
    private static @Nullable Model model(JsonReader json) throws JsonException {
        String id = "";
        String owner = null;
        String name = null;
        long created = 0;
        long context = 0;
        long output = 0;
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "id" -> id = ChoiceReader.text(json);
                case "owned_by" -> owner = ChoiceReader.text(json);
                case "name", "display_name" -> name = ChoiceReader.text(json);
                case "created" -> created = ChoiceReader.count(json);
                case "context_length", "context_window", "max_context_length", "max_model_len" ->
                    context = ChoiceReader.count(json);
                case "max_output", "max_completion_tokens" -> output = ChoiceReader.count(json);
                default -> json.skip();
            }
        }
        if (id.isEmpty()) {
            return null;
        }
        return Model.builder(id)
                .ownedBy(owner)
                .name(name)
                .created(created)
                .contextLength((int) Math.min(context, Integer.MAX_VALUE))
                .maxOutput((int) Math.min(output, Integer.MAX_VALUE))
                .build();
    }
}
