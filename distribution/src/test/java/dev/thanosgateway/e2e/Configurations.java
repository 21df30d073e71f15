package dev.thanosgateway.e2e;

/** Configurations several tests start with. */
final class Configurations {
    private Configurations() {}

    /** {@code echo}, and {@code openai} at a fake. */
    static String openai(FakeUpstream upstream) {
        return Gateway.ANY_PORT + "[providers.echo]\n" + provider("openai", upstream, "");
    }

    /** One table of type {@code openai}. */
    static String provider(String id, FakeUpstream upstream, String more) {
        return """
                [providers.%s]
                type = "openai"
                endpoint = "%s"
                api_key = "%s"
                model = "fake-large"
                %s
                """.formatted(id, upstream.endpoint(), FakeOpenAi.KEY, more);
    }
}
