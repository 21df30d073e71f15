package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider of the matrix with its vendor, which plays the agents' tasks and refuses what the real one refuses.
 *
 * @param id the provider's id, and its table's name
 * @param model what agents ask for
 */
record AgentProvider(String id, String table, String model, AgentUpstream script, FakeUpstream upstream)
        implements AutoCloseable {

    /** One of every kind. */
    static List<AgentProvider> all() throws IOException {
        Language chat = new ChatLanguage();
        return List.of(
                of(
                        "openai",
                        "openai",
                        "openai",
                        "gpt-5.5",
                        VendorRules.Vendor.OPENAI,
                        FakeOpenAi.KEY,
                        List.of(chat, new ResponsesLanguage()),
                        new FakeOpenAi()),
                of(
                        "compatible",
                        "openai",
                        null,
                        "qwen3.8-plus",
                        VendorRules.Vendor.COMPATIBLE,
                        FakeOpenAi.KEY,
                        List.of(chat),
                        new FakeOpenAi()),
                of(
                        "anthropic",
                        "anthropic",
                        null,
                        "claude-sonnet-5",
                        VendorRules.Vendor.ANTHROPIC,
                        FakeAnthropic.KEY,
                        List.of(new MessagesLanguage()),
                        new FakeAnthropic()),
                of(
                        "gemini",
                        "gemini",
                        null,
                        "gemini-3.5-flash",
                        VendorRules.Vendor.GEMINI,
                        FakeGemini.KEY,
                        List.of(new GeminiLanguage()),
                        new FakeGemini()),
                of(
                        "ollama",
                        "ollama",
                        null,
                        "thinker-coder",
                        VendorRules.Vendor.OLLAMA,
                        "ollama-fake-99e1",
                        List.of(new OllamaLanguage()),
                        new FakeOllama()),
                of(
                        "xai",
                        "xai",
                        null,
                        "grok-4.3",
                        VendorRules.Vendor.XAI,
                        FakeOpenAi.KEY,
                        List.of(chat, new ResponsesLanguage()),
                        new FakeXai()),
                of(
                        "omen",
                        "omen",
                        null,
                        FakeOmen.BEST,
                        null,
                        "omen-fake-3c21",
                        List.of(new OmenLanguage()),
                        new FakeOmen()));
    }

    private static AgentProvider of(
            String id,
            String type,
            @Nullable String profile,
            String model,
            VendorRules.@Nullable Vendor vendor,
            String key,
            List<Language> languages,
            FakeUpstream.Script rest)
            throws IOException {
        AgentUpstream script = new AgentUpstream(key, languages, rest);
        FakeUpstream upstream = new FakeUpstream(vendor == null ? script : new VendorRules(vendor, script));
        String table = "[providers.%s]\ntype = \"%s\"\nendpoint = \"http://127.0.0.1:%d\"\napi_key = \"%s\"\n%s"
                .formatted(id, type, upstream.port(), key, profile == null ? "" : "profile = \"" + profile + "\"\n");
        return new AgentProvider(id, table, id + "/" + model, script, upstream);
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }
}
