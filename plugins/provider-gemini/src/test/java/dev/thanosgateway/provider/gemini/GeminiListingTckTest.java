package dev.thanosgateway.provider.gemini;

import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.tck.ModelListingTck;

class GeminiListingTckTest extends ModelListingTck {
    @Override
    protected ModelListing provider() {
        return new GeminiProvider();
    }
}
