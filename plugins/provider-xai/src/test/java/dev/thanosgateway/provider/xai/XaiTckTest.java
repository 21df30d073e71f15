package dev.thanosgateway.provider.xai;

import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.tck.ProviderTck;

class XaiTckTest extends ProviderTck {
    @Override
    protected Chat provider() {
        return new XaiProvider();
    }
}
