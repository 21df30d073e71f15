package dev.thanosgateway.provider.anthropic;

import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.tck.ModelListingTck;

class AnthropicListingTckTest extends ModelListingTck {
    @Override
    protected ModelListing provider() {
        return new AnthropicProvider();
    }
}
