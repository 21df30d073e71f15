package dev.thanosgateway.provider.anthropic;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.dialect.anthropic.AnthropicDialect;
import dev.thanosgateway.tck.RelayTck;

class AnthropicRelayTckTest extends RelayTck {
    @Override
    protected Chat provider() {
        return new AnthropicProvider();
    }

    @Override
    protected Dialect dialect() {
        return new AnthropicDialect();
    }
}
