package dev.thanosgateway.provider.openai;

import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.tck.ModelListingTck;

class OpenAiListingTckTest extends ModelListingTck {
    @Override
    protected ModelListing provider() {
        return OpenAiProviderTest.provider();
    }
}
