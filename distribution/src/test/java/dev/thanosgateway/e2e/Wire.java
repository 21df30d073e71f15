package dev.thanosgateway.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What an upstream can do wrong on the wire, as scripts for {@link FakeUpstream} and steps within them: everything that
 * is not about the words of an API.
 */
final class Wire {
    private static final String JSON_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    private static final String SSE_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";

    private Wire() {}

    /** Sends {@code bytes} one by one with a pause between; ends early when the other side has gone. */
    static void drip(FakeUpstream.Call call, byte[] bytes, int pauseMillis) throws IOException {
        for (byte one : bytes) {
            call.raw(new byte[] {one});
            LockSupport.parkNanos(pauseMillis * 1_000_000L);
        }
    }

    /** A JSON answer that says it is so long. */
    static FakeUpstream.Script saysLength(String body, long said) {
        return call -> {
            call.raw(JSON_HEAD + "content-length: " + said + "\r\n\r\n" + body);
            call.close();
        };
    }

    /** A JSON answer framed as {@code framing} says, whatever the body then is. */
    static FakeUpstream.Script framed(String framing, String body) {
        return call -> {
            call.raw(JSON_HEAD + framing + "\r\n\r\n" + body);
            call.close();
        };
    }

    /** A head and nothing after it. */
    static FakeUpstream.Script headOnly() {
        return call -> {
            call.raw(JSON_HEAD + "content-length: 10\r\n\r\n");
            call.awaitGone(10_000);
        };
    }

    /** Half of a head, then silence. */
    static FakeUpstream.Script halfHead() {
        return call -> {
            call.raw("HTTP/1.1 200 OK\r\ncontent-ty");
            call.awaitGone(10_000);
        };
    }

    /** A head whose every byte comes soon enough, and which never ends. */
    static FakeUpstream.Script drippingHead() {
        return call -> {
            byte[] line = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);
            drip(call, line, 50);
            while (!call.awaitGone(50)) {
                call.raw("x");
            }
        };
    }

    static FakeUpstream.Script hugeHead(int bytes) {
        return call -> {
            call.raw(JSON_HEAD + "x-long: " + "a".repeat(bytes) + "\r\ncontent-length: 2\r\n\r\n{}");
            call.close();
        };
    }

    /** An unending line of a stream. */
    static FakeUpstream.Script endlessLine() {
        return call -> {
            call.raw(SSE_HEAD + "\r\ndata: ");
            byte[] much = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                call.raw(much);
            }
        };
    }

    /** Bytes without end and without meaning, before anything that could be seen. */
    static FakeUpstream.Script endlessNothing() {
        return call -> {
            call.raw(SSE_HEAD + "\r\n");
            String chunk =
                    "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                            + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";
            byte[] much = chunk.repeat(100).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                call.raw(much);
            }
        };
    }

    /** A whole answer that goes on for ever. */
    static FakeUpstream.Script endlessWhole() {
        return call -> {
            call.raw(JSON_HEAD + "\r\n{\"choices\":[{\"message\":{\"content\":\"");
            byte[] much = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                call.raw(much);
            }
        };
    }

    /** Interim answers, then {@code then}. */
    static FakeUpstream.Script interim(int count, FakeUpstream.Script then) {
        return call -> {
            for (int i = 0; i < count; i++) {
                List<String> kinds = List.of(
                        "HTTP/1.1 100 Continue\r\n\r\n",
                        "HTTP/1.1 102 Processing\r\n\r\n",
                        "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n");
                call.raw(kinds.get(i % kinds.size()));
            }
            then.answer(call);
        };
    }

    /** What a TLS server says to a client that does not speak it. */
    static FakeUpstream.Script tlsAlert() {
        return call -> {
            call.raw(new byte[] {0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46});
            call.close();
        };
    }
}
