package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.dialect.ModelEndpoint;
import dev.thanosgateway.api.dialect.ModelLookupEndpoint;
import dev.thanosgateway.api.dialect.ModelsEndpoint;
import dev.thanosgateway.host.dispatch.ModelCatalog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers what asks for models. May block for a moment while listings are fetched: used on virtual threads. */
final class ModelAnswers {
    private static final int NAMED_IN_MESSAGE = 20;

    private final ModelCatalog models;

    ModelAnswers(ModelCatalog models) {
        this.models = models;
    }

    HttpBody all(ModelsEndpoint endpoint) {
        return endpoint.list(models.models());
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
        List<ModelCard> all = models.models();
        for (String name : names) {
            ModelCard card = named(all, name);
            ModelCard meant = card == null ? named(all, models.canonical(name)) : card;
            if (meant != null) {
                return meant;
            }
        }
        throw new GatewayException(
                        ErrorKind.MODEL_NOT_FOUND,
                        "There is no model '" + names.get(0) + "'. GET /v1/models lists what there is: "
                                + String.join(
                                        ", ",
                                        all.stream()
                                                .limit(NAMED_IN_MESSAGE)
                                                .map(ModelCard::id)
                                                .toList()) + ".")
                .withParameter("model");
    }

    private static @Nullable ModelCard named(List<ModelCard> all, String name) {
        for (ModelCard card : all) {
            if (card.id().equals(name)) {
                return card;
            }
        }
        // A bare name is the model of whoever lists it first, as in a chat.
        for (ModelCard card : all) {
            if (card.model().id().equals(name)) {
                return card;
            }
        }
        return null;
    }
}
