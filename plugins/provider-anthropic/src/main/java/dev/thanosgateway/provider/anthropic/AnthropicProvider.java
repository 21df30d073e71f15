package dev.thanosgateway.provider.anthropic;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.api.provider.TokenCounting;
import dev.thanosgateway.dialect.anthropic.Anthropic;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Anthropic, and any endpoint that speaks its messages API, as often as it is configured. */
@Component(
        service = Provider.class,
        configurationPid = AnthropicProvider.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(
        namespace = "thanos.provider",
        attribute = {
            "type=anthropic",
            "pid=" + AnthropicProvider.PID,
            "endpoint=" + AnthropicProvider.ENDPOINT,
            "env=ANTHROPIC_API_KEY",
            "key=true",
            "compatible=anthropic-compatible",
            "named=true"
        })
public final class AnthropicProvider implements Chat, TokenCounting, ModelListing {
    static final String PID = "dev.thanosgateway.provider.anthropic";
    static final String ENDPOINT = "https://api.anthropic.com";

    private static final Auth KEY = Auth.header("x-api-key");

    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) {
        return Anthropic.chat(request, KEY);
    }

    @Override
    public Exchange<TokenCount> countTokens(ChatRequest request) {
        return Anthropic.countTokens(request, KEY);
    }

    @Override
    public Exchange<ModelList> models() {
        return Anthropic.models(KEY);
    }
}
