package dev.thanosgateway.provider.omen;

import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.tck.ProviderTck;

class OmenTckTest extends ProviderTck {
    @Override
    protected Chat provider() {
        return new OmenProvider();
    }
}
