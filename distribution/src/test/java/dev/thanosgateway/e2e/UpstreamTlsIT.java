package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Upstreams whose certificate or TLS must not be accepted, beside one whose must. */
class UpstreamTlsIT {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String WHOLE = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"secure\"},\"finish_reason\":\"stop\"}]}";

    @TempDir
    private static Path folder;

    private static final List<SSLServerSocket> SERVERS = new ArrayList<>();
    private static ServerSocket plain;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        plain = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"));
        authority();
        StringBuilder tables = new StringBuilder(Gateway.ANY_PORT);
        table(tables, "good", serve("good", "SAN=dns:localhost,ip:127.0.0.1", "-0d", 30, true));
        table(tables, "selfsigned", serve("selfsigned", "SAN=ip:127.0.0.1", "-0d", 30, false));
        table(tables, "otherhost", serve("otherhost", "SAN=dns:other.example", "-0d", 30, true));
        table(tables, "expired", serve("expired", "SAN=ip:127.0.0.1", "-30d", 10, true));
        table(tables, "notls", plain.getLocalPort());
        Thread.ofVirtual().start(UpstreamTlsIT::answerPlainly);
        gateway = Gateway.with(tables.toString())
                .environment(
                        "THANOS_JAVA_OPTS",
                        "-Djavax.net.ssl.trustStore=" + folder.resolve("trust.p12")
                                + " -Djavax.net.ssl.trustStorePassword=changeit")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        plain.close();
        for (SSLServerSocket server : SERVERS) {
            server.close();
        }
    }

    private static void table(StringBuilder tables, String id, int port) {
        tables.append(
                "[providers.%s]\ntype = \"openai\"\nendpoint = \"https://127.0.0.1:%d/v1\"\n".formatted(id, port));
    }

    private static KeyStore store() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    /** Whoever signs. What a trust store holds itself is trusted also when it has expired, so it holds only this one. */
    private static void authority() throws Exception {
        keytool("-genkeypair -alias ca -keyalg EC -dname CN=ca -ext bc:c -startdate -60d -validity 200");
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", store().getCertificate("ca"));
        try (OutputStream out = Files.newOutputStream(folder.resolve("trust.p12"))) {
            trust.store(out, PASSWORD);
        }
    }

    /** A server with a certificate of its own, signed by whom the gateway trusts or by itself. @return its port */
    private static int serve(String name, String names, String from, int days, boolean trusted) throws Exception {
        keytool("-genkeypair -alias %s -keyalg EC -dname CN=%s -ext %s -startdate %s -validity %d%s"
                .formatted(name, name, names, from, days, trusted ? " -signer ca" : ""));
        KeyStore all = store();
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        loaded.load(null, null);
        loaded.setKeyEntry(name, all.getKey(name, PASSWORD), PASSWORD, all.getCertificateChain(name));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(loaded, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 16, InetAddress.getByName("127.0.0.1"));
        SERVERS.add(server);
        Thread.ofVirtual().start(() -> accept(server));
        return server.getLocalPort();
    }

    private static void keytool(String words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words.split(" ")));
        command.addAll(List.of(
                "-keystore", folder.resolve("keys.p12").toString(), "-storepass", "changeit", "-storetype", "PKCS12"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** What a server without TLS says to a handshake. */
    private static void answerPlainly() {
        while (!plain.isClosed()) {
            try (Socket socket = plain.accept()) {
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                // It hung up.
            }
        }
    }

    private static void accept(SSLServerSocket server) {
        while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                InputStream in = socket.getInputStream();
                StringBuilder request = new StringBuilder();
                // The body is short: it is there when its last brace is.
                while (request.indexOf("}]}") < 0) {
                    request.append((char) in.read());
                }
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + WHOLE.length()
                                        + "\r\n\r\n" + WHOLE)
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // The handshake was refused, as it should be.
            }
        }
    }

    static List<Arguments> refused() {
        return List.of(
                arguments("selfsigned", "certificate"),
                arguments("otherhost", "certificate"),
                arguments("expired", "certificate"),
                arguments("notls", "TLS"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedWithTheReasonAndNothingIsSent(String provider, String named) throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole(provider + "/m", "hi"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(Chats.error(answer).path("message").asString())
                .contains(provider)
                .contains(named);
    }

    @Test
    void aTrustedCertificateForTheRightNameIsAccepted() throws Exception {
        assertThat(gateway.post(Chats.PATH, Chats.whole("good/m", "hi")).body()).isEqualTo(WHOLE);
    }
}
