package dev.thanosgateway.tck;

import dev.thanosgateway.api.catalog.TraitTable;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.catalog.models.VendorModels;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What models take by the catalogue that ships, as the host tells it to a provider. */
public final class Traits {
    private static final TraitTable TABLE = table();

    private Traits() {}

    private static TraitTable table() {
        try {
            return new TraitTable(new VendorModels().traits());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param profile of the endpoint, such as {@code openai} */
    public static ModelTraits of(String profile, String model) {
        return TABLE.of(profile, model);
    }

    /** The request as the host hands it to a provider whose endpoint has this profile. */
    public static ChatRequest on(String profile, ChatRequest request) {
        return request.withTarget(request.model(), of(profile, request.model()));
    }
}
