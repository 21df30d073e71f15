package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code thanos chat}. */
class ChatCommandIT {
    private static final Map<String, String> TERMINAL = Map.of("THANOS_JAVA_OPTS", "-Dthanos.terminal=true");

    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(Configurations.openai(upstream)).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    /** Begins an answer and says nothing more until the client has gone. */
    private static void hangs(FakeUpstream.Call call) throws Exception {
        call.sse();
        call.frame("{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"begun \"},\"finish_reason\":null}]}");
        call.awaitGone(20_000);
    }

    private static void awaitOut(Command command, String text) throws Exception {
        Eventually.within(
                Duration.ofMinutes(2), text + " is printed", () -> command.out().contains(text));
    }

    @Test
    void aMessageIsAnsweredWhetherItIsGivenOrPipedIn() throws Exception {
        Command.Run given = Command.run(gateway.folder(), "chat", "echo/echo", "Grüße", "🎉 there");
        assertThat(given.code()).as(given.err()).isZero();
        assertThat(given.out()).isEqualTo("Grüße 🎉 there\n");
        assertThat(given.err()).isEmpty();

        Command.Run piped = Command.run(gateway.folder(), Map.of(), "First line\nsecond ça\n", "chat", "echo/echo");
        assertThat(piped.code()).isZero();
        assertThat(piped.out()).isEqualTo("First line\nsecond ça\n");
    }

    @Test
    void theAnswerIsPrintedAsItComesAndCtrlCCancelsItUpstream() throws Exception {
        upstream.script(ChatCommandIT::hangs);
        try (Command command = Command.start(gateway.folder(), Map.of(), "chat", "openai/fake-large", "hi")) {
            awaitOut(command, "begun ");
            command.interrupt();
            assertThat(upstream.clientGoneWithin(1_000)).isTrue();
            assertThat(command.end().code()).isEqualTo(130);
        } finally {
            upstream.script(new FakeOpenAi());
        }
    }

    @Test
    void whoReadsItMayGo() throws Exception {
        upstream.script(call -> {
            call.sse();
            try {
                for (int i = 0; i < 400; i++) {
                    call.frame("{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"},\"finish_reason\":null}]}");
                    LockSupport.parkNanos(25_000_000);
                }
            } finally {
                call.awaitGone(1);
            }
        });
        try (Command command = Command.start(gateway.folder(), Map.of(), "chat", "openai/fake-large", "hi")) {
            awaitOut(command, "word ");
            command.process().getInputStream().close();
            assertThat(command.process().waitFor(8, TimeUnit.SECONDS)).isTrue();
            assertThat(command.process().exitValue()).isNotZero();
        } finally {
            upstream.script(new FakeOpenAi());
        }
    }

    @Test
    void anErrorGoesToStderrAndIntoTheExitCode() throws Exception {
        Command.Run unknown = Command.run(gateway.folder(), "chat", "openai/missing", "hi");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err()).startsWith("thanos: ").contains("missing");

        assertThat(Command.run(gateway.folder(), "chat", "echo/echo").err()).contains("There is no message");
        assertThat(Command.run(gateway.folder(), "chat", "--url", "nonsense", "a", "b")
                        .err())
                .contains("nonsense", "--url http://");
        Command.Run nobody = Command.run(gateway.folder(), "chat", "--url", "http://127.0.0.1:1", "a", "b");
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.err()).contains("Nothing answers at http://127.0.0.1:1");
    }

    @Test
    void aCutAnswerIsNoWholeOne() throws Exception {
        upstream.script(call -> {
            call.sse();
            call.frame("{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                    + "[{\"index\":0,\"delta\":{\"content\":\"half \"},\"finish_reason\":null}]}");
            call.reset();
        });
        try {
            Command.Run run = Command.run(gateway.folder(), "chat", "openai/fake-large", "hi");
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.out()).isEqualTo("half \n");
            assertThat(run.err()).startsWith("thanos: ").contains("openai");
        } finally {
            upstream.script(new FakeOpenAi());
        }
    }

    @Test
    void atATerminalTheConversationIsKeptAndCtrlCEndsTheAnswerOnly() throws Exception {
        try (Command command = Command.start(gateway.folder(), TERMINAL, "chat", "openai/fake-large")) {
            awaitOut(command, "> ");
            command.types("My name is Ada\n");
            awaitOut(command, FakeOpenAi.reply("My name is Ada"));
            upstream.script(ChatCommandIT::hangs);
            command.types("And then?\n");
            awaitOut(command, "begun ");
            command.interrupt();
            assertThat(upstream.clientGoneWithin(1_000)).isTrue();
            upstream.script(new FakeOpenAi());
            command.types("Again\n");
            awaitOut(command, FakeOpenAi.reply("Again"));
            String asked = upstream.take().text();
            assertThat(asked)
                    .contains("My name is Ada", "You said: My name is Ada")
                    .doesNotContain("And then?");
            command.closesInput();
            Command.Run run = command.end();
            assertThat(run.code()).isZero();
            assertThat(run.err()).contains("Ctrl-C", "Cancelled");
        }
    }

    @Test
    void aGatewayThatAsksForAKeyIsGivenOne() throws Exception {
        String file = Gateway.ANY_PORT + "[auth]\nenabled = true\napi_keys = [\"caller-key-1\"]\n[providers.echo]\n";
        try (Gateway guarded = Gateway.with(file).start()) {
            Command.Run without = Command.run(guarded.folder(), "chat", "echo/echo", "hi");
            assertThat(without.code()).isEqualTo(2);
            assertThat(without.err()).contains("needs a key", "THANOS_KEY", "--key");
            Command.Run wrong = Command.run(guarded.folder(), "chat", "--key", "other-key", "echo/echo", "hi");
            assertThat(wrong.code()).isEqualTo(1);
            assertThat(wrong.err()).contains("not known to this gateway").doesNotContain("other-key");
            assertThat(Command.run(guarded.folder(), "chat", "--key", "caller-key-1", "echo/echo", "hi")
                            .out())
                    .isEqualTo("hi\n");
            assertThat(Command.run(
                                    guarded.folder(),
                                    Map.of("THANOS_KEY", "caller-key-1"),
                                    "",
                                    "chat",
                                    "--url",
                                    guarded.v1(),
                                    "echo/echo",
                                    "hi")
                            .out())
                    .isEqualTo("hi\n");
        }
    }
}
