package dev.thanosgateway.provider.xai;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.dialect.openai.OpenAi;
import dev.thanosgateway.dialect.openai.Quirks;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** xAI's Grok models, through OpenAI's language. */
@Component(
        service = Provider.class,
        configurationPid = XaiProvider.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = XaiProvider.Config.class, factory = true)
@Capability(
        namespace = "thanos.provider",
        attribute = {
            "type=xai",
            "pid=" + XaiProvider.PID,
            "endpoint=" + XaiProvider.ENDPOINT,
            "env=XAI_API_KEY",
            "key=true"
        })
public final class XaiProvider implements Chat, ModelListing {
    static final String PID = "dev.thanosgateway.provider.xai";
    static final String ENDPOINT = "https://api.x.ai";

    /** What a provider table of this type may say beside what every table has. */
    @ObjectClassDefinition(name = "xAI provider")
    public @interface Config {
        @AttributeDefinition(description = "Root of the API; a version segment or trailing slash does not matter.")
        String endpoint() default ENDPOINT;
    }

    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) {
        return OpenAi.chat(request, Quirks.NONE, Auth.BEARER);
    }

    @Override
    public Exchange<ModelList> models() {
        return OpenAi.models(Auth.BEARER);
    }
}
