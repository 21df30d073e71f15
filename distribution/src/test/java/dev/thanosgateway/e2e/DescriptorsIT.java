package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With few file descriptors and many idle clients the first call works, and nothing stays broken. */
@DisabledOnOs(OS.WINDOWS)
class DescriptorsIT {
    private static final int CLIENTS = 400;
    /** Two seconds on a machine with nothing else to do; what fails here fails for good. */
    private static final Duration FIRST_CALL = Duration.ofSeconds(10);

    /** The installation's script, started with a limit of 256 open files. */
    private static void limited(Path folder) throws Exception {
        Path script = folder.resolve("inst/bin/thanos");
        Path original = script.resolveSibling("thanos-unlimited");
        Files.move(script, original);
        Files.writeString(script, "#!/bin/sh\nulimit -n 256\nexec \"$(dirname \"$0\")/thanos-unlimited\" \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @CsvSource({
        "false,''",
        "false,'GET /hea'",
        "false,'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'",
        "true,''"
    })
    void theFirstCallWorksBesideFourHundredIdleClients(boolean grpc, String sent) throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (FakeUpstream upstream = new FakeUpstream(
                call -> call.json(
                        200,
                        "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                                + "\"message\":{\"role\":\"assistant\",\"content\":\"served\"},\"finish_reason\":\"stop\"}]}"))) {
            Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT + "[providers.openai]\nendpoint = \""
                    + upstream.endpoint() + "\"\napi_key = \"a-key-of-the-test-1\"\n");
            limited(builder.folder());
            try (Gateway gateway = builder.start()) {
                for (int i = 0; i < CLIENTS; i++) {
                    Socket socket = new Socket("127.0.0.1", grpc ? gateway.grpcPort() : gateway.port());
                    idle.add(socket);
                    socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
                }
                for (int i = 0; i < 3; i++) {
                    long start = System.nanoTime();
                    HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("openai/m", "hello"));
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                    assertThat(answer.body()).contains("served");
                    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(FIRST_CALL);
                }
                assertThat(gateway.errors().stream().filter(line -> line.contains("limit of open files")))
                        .as("it is logged once")
                        .hasSize(1);
                assertThat(gateway.output()).doesNotContain("Too many open files");
            } finally {
                for (Socket socket : idle) {
                    socket.close();
                }
            }
        }
    }
}
