package dev.thanosgateway.provider.ollama;

import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.tck.ModelListingTck;

class OllamaListingTckTest extends ModelListingTck {
    @Override
    protected ModelListing provider() {
        return new OllamaProvider();
    }
}
