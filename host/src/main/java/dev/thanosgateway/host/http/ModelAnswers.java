package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.dialect.ModelEndpoint;
import dev.thanosgateway.api.dialect.ModelLookupEndpoint;
import dev.thanosgateway.api.dialect.ModelsEndpoint;
import dev.thanosgateway.host.dispatch.ModelCatalog;
import java.util.List;

/** Answers what asks for models. May block for a moment while listings are fetched: used on virtual threads. */
final class ModelAnswers {
    private static final int NAMED_IN_MESSAGE = 20;

    private final ModelCatalog models;

    ModelAnswers(ModelCatalog models) {
        this.models = models;
    }

    /** @throws GatewayException INVALID_REQUEST for a page that there cannot be */
    HttpBody all(ModelsEndpoint endpoint, Incoming request) throws GatewayException {
        return endpoint.page(models.models(), request);
    }

    /** @throws GatewayException MODEL_NOT_FOUND */
    HttpBody one(ModelEndpoint endpoint, String id) throws GatewayException {
        return endpoint.one(find(List.of(id)));
    }

    /** @throws GatewayException MODEL_NOT_FOUND */
    HttpBody one(ModelLookupEndpoint endpoint, List<String> names) throws GatewayException {
        return endpoint.one(find(names));
    }

    private ModelCard find(List<String> names) throws GatewayException {
        for (String name : names) {
            ModelCard card = models.find(name);
            if (card != null) {
                return card;
            }
        }
        throw new GatewayException(
                        ErrorKind.MODEL_NOT_FOUND,
                        "There is no model '" + names.get(0) + "'. GET /v1/models lists what there is: "
                                + String.join(
                                        ", ",
                                        models.models().stream()
                                                .limit(NAMED_IN_MESSAGE)
                                                .map(ModelCard::id)
                                                .toList())
                                + ".")
                .withParameter("model");
    }
}
