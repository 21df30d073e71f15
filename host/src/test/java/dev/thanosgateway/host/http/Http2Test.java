package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.decision.Reader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 by prior knowledge, frame by frame. */
final class Http2Test {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Upstream a = new Upstream();
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(Rig.table("a", a));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        a.close();
    }

    private record Frame(int type, int flags, String payload) {}

    private static void send(Socket socket, int type, int flags, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        frame.writeBytes(new byte[] {0, 0, 0, (byte) stream});
        frame.writeBytes(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    private static void literal(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        out.write(name.length());
        out.writeBytes(Toy.bytes(name));
        out.write(value.length());
        out.writeBytes(Toy.bytes(value));
    }

    private Socket post(String body) throws IOException {
        Socket socket = open("/toy");
        send(socket, DATA, END_STREAM, 1, Toy.bytes(body));
        return socket;
    }

    /** Sends a request's head; its body is still to come. */
    private Socket open(String path) throws IOException {
        Socket socket = new Socket("127.0.0.1", rig.port);
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write(Toy.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        send(socket, SETTINGS, 0, 0, new byte[0]);
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        literal(headers, ":method", "POST");
        literal(headers, ":scheme", "http");
        literal(headers, ":path", path);
        literal(headers, ":authority", "127.0.0.1");
        send(socket, HEADERS, END_HEADERS, 1, headers.toByteArray());
        return socket;
    }

    /** How a client leaves after its farewell. */
    enum Farewell {
        CLOSE,
        HALF_CLOSE,
        RESET
    }

    private static void leave(Socket socket, Farewell how, int lastStream) throws IOException {
        byte[] last = ByteBuffer.allocate(8).putInt(lastStream).putInt(0).array();
        send(socket, GOAWAY, 0, 0, last);
        switch (how) {
            case CLOSE -> socket.close();
            case HALF_CLOSE -> socket.shutdownOutput();
            case RESET -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
    }

    private static Frame next(Socket socket, int type) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int found = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            in.readInt();
            byte[] payload = in.readNBytes(length);
            if (found == type) {
                return new Frame(found, flags, new String(payload, StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void aStreamComesInDataFrames() throws Exception {
        try (Socket socket = post("model=a/m stream=1")) {
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            assertThat(next(socket, DATA).payload()).isEqualTo("data: one\n\n");
            asked.chunk(".\n").ends();
            Frame last = next(socket, DATA);
            assertThat(last.payload()).isEqualTo("data: [DONE]\n\n");
            assertThat(last.flags() & END_STREAM).isEqualTo(END_STREAM);
        }
        rig.awaitIdle();
    }

    @Test
    void aResetOfTheStreamStopsUpstreamWithinASecond() throws Exception {
        try (Socket socket = post("model=a/m stream=1")) {
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            next(socket, DATA);
            send(socket, RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            asked.awaitClosed(1_000);
            rig.awaitIdle();
        }
    }

    @Test
    void aConnectionThatClosesStopsUpstreamWithinASecondAlsoForAWholeAnswer() throws Exception {
        Socket socket = post("model=a/m");
        Upstream.Asked asked = a.next();
        socket.close();
        asked.awaitClosed(1_000);
        rig.awaitIdle();
        assertThat(rig.service.decisions().newest(10, Reader.OPERATOR))
                .as("it is noted once")
                .singleElement()
                .satisfies(record -> assertThat(record.told()).containsEntry("outcome", "cancelled"));
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSE,0,true",
        "CLOSE,0,false",
        "CLOSE,2147483647,true",
        "CLOSE,2147483647,false",
        "HALF_CLOSE,0,true",
        "HALF_CLOSE,2147483647,false",
        "RESET,0,true",
        "RESET,2147483647,false"
    })
    void aFarewellBeforeTheEndStopsUpstreamWithinASecond(Farewell how, int lastStream, boolean stream)
            throws Exception {
        try (Socket socket = post(stream ? "model=a/m stream=1" : "model=a/m")) {
            Upstream.Asked asked = a.next();
            if (stream) {
                asked.begins().chunk("one\n");
                next(socket, DATA);
            }
            leave(socket, how, lastStream);
            asked.awaitClosed(1_000);
            rig.awaitIdle();
        }
    }

    @Test
    void aClientThatSaysFarewellAndStaysGetsItsAnswer() throws Exception {
        try (Socket socket = post("model=a/m")) {
            Upstream.Asked asked = a.next();
            send(socket, GOAWAY, 0, 0, new byte[8]);
            // Answered only after the farewell was read: a ping behind it comes back.
            send(socket, PING, 0, 0, new byte[8]);
            next(socket, PING);
            asked.answers(200, "", "one\n.\n");
            assertThat(next(socket, DATA).payload()).isEqualTo("one");
        }
        rig.awaitIdle();
    }

    @Test
    void aRefusedBodyIsStoppedWithoutAnError() throws Exception {
        try (Socket socket = open("/nowhere")) {
            send(socket, DATA, 0, 1, new byte[16_000]);
            assertThat(next(socket, DATA).payload()).contains("NOT_FOUND");
            Frame stop = next(socket, RST_STREAM);
            assertThat(stop.payload()).as("NO_ERROR").isEqualTo("\0\0\0\0");
            send(socket, DATA, END_STREAM, 1, new byte[16_000]);
            send(socket, PING, 0, 0, new byte[8]);
            next(socket, PING);
        }
        rig.awaitIdle();
    }

    @Test
    void aDialectThatCannotGoOnResetsTheStream() throws Exception {
        try (Socket socket = post("model=a/unwritable-later stream=1")) {
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            next(socket, DATA);
            asked.chunk("two\n");
            next(socket, RST_STREAM);
            asked.awaitClosed(10_000);
        }
        rig.awaitIdle();
    }

    @Test
    void anUpgradeIsIgnored() throws Exception {
        try (Client client = rig.client()) {
            client.post(
                    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
                    "model=a/m");
            a.next().answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(client.body(head)).isEqualTo("one");
        }
        rig.awaitIdle();
    }
}
