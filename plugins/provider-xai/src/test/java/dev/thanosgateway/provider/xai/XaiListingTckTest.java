package dev.thanosgateway.provider.xai;

import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.tck.ModelListingTck;

class XaiListingTckTest extends ModelListingTck {
    @Override
    protected ModelListing provider() {
        return new XaiProvider();
    }
}
