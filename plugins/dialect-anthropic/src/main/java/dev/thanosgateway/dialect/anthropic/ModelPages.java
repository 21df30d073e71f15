package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.dialect.ModelsEndpoint;
import dev.thanosgateway.wire.json.JsonOut;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Models as Anthropic lists them, in pages. */
final class ModelPages implements ModelsEndpoint {
    private static final int LIMIT = 20;
    private static final int MOST = 1000;

    @Override
    public HttpBody list(List<ModelCard> models) {
        return page(models, 0, models.size(), false);
    }

    @Override
    public HttpBody page(List<ModelCard> models, Incoming request) throws GatewayException {
        int limit = limit(request.query("limit"));
        String after = request.query("after_id");
        String before = request.query("before_id");
        if (after != null && before != null) {
            throw invalid("before_id", "stands beside after_id. Send one of the two.");
        }
        if (before != null) {
            int to = index(models, "before_id", before);
            int from = Math.max(0, to - limit);
            return page(models, from, to, from > 0);
        }
        int from = after == null ? 0 : index(models, "after_id", after) + 1;
        int to = Math.min(models.size(), from + limit);
        return page(models, from, to, to < models.size());
    }

    private static int limit(@Nullable String said) throws GatewayException {
        int limit = said == null ? LIMIT : said.matches("\\d{1,4}") ? Integer.parseInt(said) : 0;
        if (limit < 1 || limit > MOST) {
            throw invalid("limit", "must be a whole number from 1 to " + MOST + ".");
        }
        return limit;
    }

    private static int index(List<ModelCard> models, String parameter, String id) throws GatewayException {
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).id().equals(id)) {
                return i;
            }
        }
        throw invalid(parameter, "names no model of the list; begin again without it.");
    }

    private static GatewayException invalid(String parameter, String what) {
        return new GatewayException(ErrorKind.INVALID_REQUEST, parameter + " " + what).withParameter(parameter);
    }

    private static HttpBody page(List<ModelCard> models, int from, int to, boolean more) {
        List<ModelCard> page = models.subList(from, to);
        JsonOut out = new JsonOut().beginObject().name("data").beginArray();
        page.forEach(model -> write(out, model));
        out.endArray().name("has_more").value(more);
        id(out, "first_id", page.isEmpty() ? null : page.getFirst());
        id(out, "last_id", page.isEmpty() ? null : page.getLast());
        return json(out.endObject());
    }

    static HttpBody one(ModelCard model) {
        JsonOut out = new JsonOut();
        write(out, model);
        return json(out);
    }

    private static HttpBody json(JsonOut out) {
        return new HttpBody(200, "application/json", ByteBuffer.wrap(out.toBytes()));
    }

    private static void id(JsonOut out, String name, @Nullable ModelCard model) {
        out.name(name);
        if (model == null) {
            out.value(new dev.thanosgateway.api.Json("null"));
        } else {
            out.value(model.id());
        }
    }

    private static void write(JsonOut out, ModelCard card) {
        String name = card.model().name();
        out.beginObject().name("type").value("model").name("id").value(card.id());
        out.name("display_name").value(name == null ? card.model().id() : name);
        // The vendor's own word for a date that is not known is the epoch.
        out.name("created_at")
                .value(Instant.ofEpochSecond(Math.max(0, card.model().created()))
                        .toString());
        out.endObject();
    }
}
