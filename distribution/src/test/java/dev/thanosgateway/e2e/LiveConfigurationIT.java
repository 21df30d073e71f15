package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A configuration file that is edited while the gateway runs. */
class LiveConfigurationIT {
    private static final Duration TAKEN_OVER = Duration.ofSeconds(2);

    private FakeUpstream upstream;
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(file("")).start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    private String file(String more) {
        return Gateway.ANY_PORT + "[providers.echo]\n" + Configurations.provider("openai", upstream, "") + more;
    }

    /** As editors save: a new file takes the old one's name. */
    private void save(String text) throws Exception {
        Path next = gateway.configuration().resolveSibling("thanos.toml.next");
        Files.writeString(next, text);
        Files.move(next, gateway.configuration(), StandardCopyOption.ATOMIC_MOVE);
    }

    private HttpResponse<String> chat(String model) throws Exception {
        return gateway.post(Chats.PATH, Chats.whole(model, "hi"));
    }

    private void serves(String model) throws Exception {
        Eventually.within(TAKEN_OVER, model + " is served", () -> chat(model).statusCode() == 200);
    }

    @Test
    void aNewTableServesAndARemovedOneGoes() throws Exception {
        assertThat(chat("second/fake-large").statusCode()).isEqualTo(404);
        save(file(Configurations.provider("second", upstream, "")));
        serves("second/fake-large");

        save(file(""));
        Eventually.within(
                TAKEN_OVER, "it is gone", () -> chat("second/fake-large").statusCode() == 404);
        assertThat(chat("openai/fake-large").statusCode()).isEqualTo(200);
    }

    @Test
    void aChangedEndpointKeyAndModelAreInForceForTheNextCall() throws Exception {
        try (FakeUpstream other = new FakeUpstream(new FakeOpenAi())) {
            save(Gateway.ANY_PORT + Configurations.provider("openai", other, "").replace("fake-large", "fake-small"));
            Eventually.within(TAKEN_OVER, "the other one is asked", () -> {
                HttpResponse<String> answer = chat("auto");
                return answer.statusCode() == 200
                        && answer.headers()
                                .firstValue("x-thanos-model")
                                .orElse("")
                                .startsWith("fake-small");
            });
            assertThat(other.untaken()).isPositive();
        }
    }

    @Test
    void aMistakeIsRefusedWholeWithItsPlaceAndWhatWasInForceStays() throws Exception {
        save(file(Configurations.provider("second", upstream, "") + "[providers.third]\nenabeld = true\n"));
        Eventually.within(TAKEN_OVER, "it is told", () -> gateway.output().contains("enabeld"));

        assertThat(gateway.output()).containsPattern("thanos\\.toml:\\d+:\\d+: .*enabeld.*enabled");
        assertThat(chat("second/fake-large").statusCode()).isEqualTo(404);
        assertThat(chat("openai/fake-large").statusCode()).isEqualTo(200);

        save(file(Configurations.provider("second", upstream, "")));
        serves("second/fake-large");
    }

    @Test
    void aChangedListenerIsSaidToNeedARestartAndTheRestOfTheFileCounts() throws Exception {
        save(file(Configurations.provider("second", upstream, ""))
                .replace("grpc = \"127.0.0.1:0\"", "grpc = \"[::1]:0\""));
        serves("second/fake-large");

        gateway.awaitOutput("[server] bind or grpc has changed; the gateway goes on listening on 127.0.0.1:0 and"
                + " 127.0.0.1:0 until it is restarted.");
    }

    @Test
    void aStreamInFlightIsNotTouchedWhenItsTableGoes() throws Exception {
        String words = "one two three four five six seven eight nine ten ".repeat(3);
        try (RawHttp client = new RawHttp(gateway.port())) {
            client.send(RawHttp.post(Chats.PATH, Chats.paced(words, 100)));
            RawHttp.Head head = client.head();
            String first = new String(client.chunk(), StandardCharsets.UTF_8);

            save(Gateway.ANY_PORT + Configurations.provider("openai", upstream, ""));
            Eventually.within(
                    TAKEN_OVER,
                    "echo takes no new calls",
                    () -> chat("echo/echo").statusCode() == 404);

            Sse stream = Sse.of(first + new String(client.body(head), StandardCharsets.UTF_8));
            assertThat(stream.text()).isEqualTo(words);
            assertThat(stream.done()).isTrue();
        }
    }
}
