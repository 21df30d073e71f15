package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.dialect.ModelLookupEndpoint;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code POST /api/show}: the model is named by {@code model}, or as older clients do by {@code name}. */
final class ShowEndpoint implements ModelLookupEndpoint {
    @Override
    public List<String> names(Incoming request) throws GatewayException {
        Value root = Requests.object(Requests.copy(request.body()), "\"model\"");
        try {
            Map<String, Value> members = root.members();
            Value model = members.get("model");
            Value named = model == null ? members.get("name") : model;
            if (named == null) {
                throw Requests.invalid("model", "is required; GET /api/tags lists them");
            }
            String name = ModelNames.checked(named.path(), named.text());
            List<String> names = new ArrayList<>(List.of(name));
            names.addAll(ModelNames.spellings(name));
            return names;
        } catch (JsonException e) {
            throw Requests.invalid(e);
        }
    }

    @Override
    public HttpBody one(ModelCard model) {
        return ModelJson.show(model);
    }
}
