package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a bundle served first is its own, and a key goes to no endpoint but an approved one. */
class PluginOwnerIT {
    private static final Duration SOON = Duration.ofSeconds(4);
    private static final String KEY = "sk-vault-4711-secret";
    private static final String FILE =
            Gateway.ANY_PORT + "[providers.echo]\n[providers.vault]\napi_key = \"" + KEY + "\"\nmodel = \"m\"\n";

    private FakeUpstream good;
    private FakeUpstream evil;

    @BeforeEach
    void listen() throws Exception {
        good = new FakeUpstream(call -> call.json(200, "{}"));
        evil = new FakeUpstream(call -> call.json(200, "{}"));
    }

    @AfterEach
    void close() throws Exception {
        good.close();
        evil.close();
    }

    private FixturePlugin vault() {
        return FixturePlugin.of("vault", "Sending")
                .text("good")
                .declaring("type=vault;pid=fixture.vault;key=true;endpoint=\"" + good.endpoint() + "\"");
    }

    private FixturePlugin thief(String capability) {
        return FixturePlugin.of("thief", "Sending")
                .text("evil")
                .declaring(capability + ";endpoint=\"" + evil.endpoint() + "\"");
    }

    /** What answers a chat. */
    private static String said(Gateway gateway) throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("vault/m", "hi"));
        return answer.statusCode() == 200
                ? Chats.read(answer.body()).at("/choices/0/message/content").asString()
                : answer.body();
    }

    private static void waits(Gateway gateway, String jar, String... why) throws Exception {
        Eventually.within(
                SOON,
                jar + " waits",
                () -> gateway.provider(jar) != null
                        && gateway.provider(jar).path("reason").asString("").contains(why[0]));
        JsonNode entry = gateway.provider(jar);
        assertThat(entry.path("state").asString()).isEqualTo("waiting");
        assertThat(entry.path("reason").asString()).contains(why);
        Command.Run told = Command.run(gateway.folder(), "plugins", "why", jar);
        assertThat(told.code()).isEqualTo(1);
        assertThat(told.out()).contains(why);
    }

    private static void stop(Gateway gateway) throws Exception {
        gateway.terminate();
        assertThat(gateway.exit(Duration.ofSeconds(10))).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type=vault;pid=fixture.vault",
                "type=vault;pid=fixture.thief",
                "type=other;pid=fixture.vault",
                "type=vault;pid=fixture.thief;key=false"
            })
    void aJarThatDeclaresWhatAnotherServesWaitsAlsoAfterARestart(String capability) throws Exception {
        Gateway.Builder builder = Gateway.with(FILE);
        vault().into(builder.plugins().resolve("vault.jar"));
        Gateway first = builder.start();
        assertThat(said(first)).isEqualTo("good");
        thief(capability).into(first.plugins().resolve("aaa.jar"));
        waits(first, "aaa.jar", "belongs to fixture.vault", "thanos plugins switch ");
        assertThat(said(first)).isEqualTo("good");
        stop(first);
        try (Gateway second = builder.start()) {
            assertThat(said(second)).isEqualTo("good");
            waits(second, "aaa.jar", "belongs to fixture.vault");
            Files.delete(second.plugins().resolve("vault.jar"));
            Eventually.within(SOON, "the owner has gone", () -> said(second).contains("vault"));
            waits(second, "aaa.jar", "belongs to fixture.vault");
        }
        assertThat(good.take().header("authorization")).isEqualTo("Bearer " + KEY);
        assertThat(evil.untaken()).isZero();
    }

    @Test
    void anOperatorSwitchesAndThatOutlivesARestart() throws Exception {
        Gateway.Builder builder = Gateway.with(FILE);
        vault().into(builder.plugins().resolve("vault.jar"));
        thief("type=vault;pid=fixture.thief").into(builder.plugins().resolve("zzz.jar"));
        // Neither is known before the first start: put the owner's first.
        Files.move(builder.plugins().resolve("zzz.jar"), builder.folder().resolve("zzz.jar"));
        Gateway first = builder.start();
        Files.move(builder.folder().resolve("zzz.jar"), builder.plugins().resolve("zzz.jar"));
        waits(first, "zzz.jar", "thanos plugins switch vault fixture.thief");
        assertThat(Command.run(first.folder(), "plugins", "switch", "vault").code())
                .isEqualTo(2);
        assertThat(Command.run(first.folder(), "plugins", "switch", "vault", "fixture.nobody")
                        .code())
                .isEqualTo(1);
        Command.Run done = Command.run(first.folder(), "plugins", "switch", "vault", "fixture.thief");
        assertThat(done.code()).as(done.out() + done.err()).isZero();
        assertThat(said(first)).isEqualTo("evil");
        waits(first, "vault.jar", "belongs to fixture.thief");
        stop(first);
        try (Gateway second = builder.start()) {
            assertThat(said(second)).isEqualTo("evil");
            waits(second, "vault.jar", "belongs to fixture.thief");
        }
    }

    @Test
    void aNewVersionWithAnotherEndpointWaitsForApprovalAndTheOldOneServes() throws Exception {
        Gateway.Builder builder = Gateway.with(FILE);
        vault().into(builder.plugins().resolve("vault.jar"));
        try (Gateway gateway = builder.start()) {
            assertThat(said(gateway)).isEqualTo("good");
            FixturePlugin.of("vault", "Sending")
                    .version("2.0.0")
                    .text("evil")
                    .declaring("type=vault;pid=fixture.vault;key=true;endpoint=\"" + evil.endpoint() + "\"")
                    .into(builder.plugins().resolve("vault.jar"));
            waits(gateway, "vault.jar", evil.endpoint(), "thanos plugins switch vault fixture.vault");
            assertThat(said(gateway)).isEqualTo("good");
            assertThat(evil.untaken()).isZero();
            assertThat(Command.run(gateway.folder(), "plugins", "switch", "vault", "vault.jar")
                            .code())
                    .isZero();
            assertThat(said(gateway)).isEqualTo("evil");
        }
    }

    @Test
    void aStrategyOfAShippedNameWaits() throws Exception {
        Gateway.Builder builder = Gateway.with(FILE);
        FixturePlugin.strategy("preferred", "Picking")
                .text("echo")
                .into(builder.plugins().resolve("aaa.jar"));
        try (Gateway gateway = builder.start()) {
            waits(gateway, "aaa.jar", "strategy 'preferred' belongs to dev.thanosgateway.strategy.preferred");
        }
    }

    @Test
    void aShippedTypeBelongsToItsBundleFromTheFirstStart() throws Exception {
        Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n[providers.openai]\napi_key = \""
                + KEY + "\"\nendpoint = \"" + good.endpoint() + "\"\n");
        thief("type=openai;pid=fixture.thief;env=OPENAI_API_KEY")
                .into(builder.plugins().resolve("aaa.jar"));
        try (Gateway gateway = builder.start()) {
            assertThat(gateway.provider("openai").path("bundle").asString())
                    .isEqualTo("dev.thanosgateway.provider.openai");
            waits(gateway, "aaa.jar", "type 'openai' belongs to dev.thanosgateway.provider.openai");
        }
        assertThat(evil.untaken()).isZero();
    }

    @Test
    void noKeyOfTheEnvironmentIsAdoptedForAJarThatDoesNotShip() throws Exception {
        Gateway.Builder builder = Gateway.bare()
                .arguments(
                        "--config",
                        Files.writeString(Files.createTempFile("thanos", ".toml"), Gateway.ANY_PORT)
                                .toString())
                .environment("FIXTURE_API_KEY", KEY);
        thief("type=thief;pid=fixture.thief;key=true;env=\"FIXTURE_API_KEY\"")
                .into(builder.plugins().resolve("thief.jar"));
        try (Gateway gateway = builder.start()) {
            Eventually.within(
                    SOON,
                    "it is deployed",
                    () -> Command.run(gateway.folder(), "plugins", "why", "thief.jar")
                                    .code()
                            == 0);
            assertThat(gateway.provider("thief")).isNull();
            gateway.post(Chats.PATH, Chats.whole("thief/m", "hi"));
        }
        assertThat(evil.untaken()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../admin",
                "//evil.example/x",
                "/%2e%2e/admin",
                "/a/..%2f..%2fadmin",
                "/a/%252e%252e/admin",
                "/a/..;/admin",
                "/a\\..\\admin",
                "/a#b",
                "http://evil.example/x"
            })
    void aPathThatLeavesTheEndpointIsRefusedByName(String path) throws Exception {
        Gateway.Builder builder = Gateway.with(FILE);
        vault().into(builder.plugins().resolve("vault.jar"));
        try (Gateway gateway = builder.start()) {
            HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("vault/x" + path, "hi"));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
            assertThat(Chats.error(answer).path("message").asString()).contains("fixture.vault", "its path must");
        }
        assertThat(good.untaken()).isZero();
    }
}
