package dev.thanosgateway.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Good requests made bad: each case is one of the good ones after one to three changes. */
final class HttpMutations {
    private static final String CLOSE = "Connection: close";
    private static final byte[] TELLING = {0, '\r', '\n', ' ', ':', '\t', '/', '%', ';', ',', 0x7f, (byte) 0x80, -1};
    private static final String[] LINES = {
        "Content-Length: 0",
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Content-Length: 0x10",
        "Content-Length: 5, 5",
        "Content-Length : 5",
        "Content-Length: 33554433",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding:\tchunked",
        "Transfer-Encoding: gzip, chunked",
        "Host: localhost",
        "Host: evil.example",
        "Host: a/?b@c",
        "Expect: 100-continue",
        "Expect: the unexpected",
        "Upgrade: h2c",
        "Connection: Upgrade, HTTP2-Settings",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
        "Origin: http://evil.example",
        "X-Request-Id: a\tb",
        "X-Request-Id: é",
        "Authorization: Bearer \u0000",
        " folded: into the line before",
        ": no name",
        "no colon",
        "Cookie: a=b; c",
        "Range: bytes=0-",
        "TE: trailers",
        "Trailer: Host",
        "Content-Encoding: gzip",
        "Content-Type: application/json; charset=\"",
        "X\u0000Y: z",
        "Forwarded: for=\"[::1\"",
    };

    private static final List<byte[]> GOOD = List.of(
            RawHttp.post(Chats.PATH, Chats.whole("echo/echo", "hello"), CLOSE),
            RawHttp.post(Chats.PATH, Chats.whole("echo/echo", "hello")),
            RawHttp.post(Chats.PATH, Chats.stream("echo/echo", "hello there"), CLOSE),
            RawHttp.post("/v1/chat", Chats.whole("echo/echo", "hello"), CLOSE),
            chunked(Chats.whole("echo/echo", "in chunks")),
            RawHttp.post(Chats.PATH, Chats.whole("echo/echo", "may I"), "Expect: 100-continue", CLOSE),
            RawHttp.get("/v1/models", CLOSE),
            RawHttp.get("/v1/models/echo%2Fecho", CLOSE),
            RawHttp.get("/health/live?a=b", CLOSE),
            joined(RawHttp.get("/health"), RawHttp.get("/v1/models", CLOSE)));

    private final Random chance;

    private HttpMutations(Random chance) {
        this.chance = chance;
    }

    /** A request that may be wrong in any way; at least one byte long. */
    static byte[] next(Random chance) {
        HttpMutations mutations = new HttpMutations(chance);
        byte[] request = GOOD.get(chance.nextInt(GOOD.size()));
        for (int i = 1 + chance.nextInt(3); i > 0; i--) {
            request = mutations.changed(request);
        }
        return request.length == 0 ? new byte[] {'\n'} : request;
    }

    private static byte[] chunked(String body) {
        int half = body.length() / 2;
        String text = "POST " + Chats.PATH + " HTTP/1.1\r\nHost: localhost\r\n" + CLOSE
                + "\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(half) + "\r\n"
                + body.substring(0, half) + "\r\n" + Integer.toHexString(body.length() - half) + ";a=b\r\n"
                + body.substring(half) + "\r\n0\r\nX-Trailer: yes\r\n\r\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private byte[] changed(byte[] in) {
        if (in.length < 2) {
            return in;
        }
        int at = chance.nextInt(in.length);
        int end = Math.min(in.length, at + 1 + chance.nextInt(40));
        return switch (chance.nextInt(16)) {
            case 0, 1 -> flipped(in);
            case 2 -> replaced(in, at, TELLING[chance.nextInt(TELLING.length)]);
            case 3 -> Arrays.copyOf(in, 1 + at);
            case 4 -> joined(Arrays.copyOf(in, at), Arrays.copyOfRange(in, end, in.length));
            case 5 -> joined(Arrays.copyOf(in, end), Arrays.copyOfRange(in, at, in.length));
            case 6, 7, 8 -> withLine(in, LINES[chance.nextInt(LINES.length)]);
            case 9 -> lineEnds(in, chance.nextBoolean() ? "\n" : "\r");
            case 10 -> withLine(in, "X-Long: " + "a".repeat(1 << (8 + chance.nextInt(8))));
            case 11 -> withLine(in, "X-Many: 1\r\n".repeat(1 + chance.nextInt(3_000)) + "X-Last: 1");
            case 12 -> digits(in);
            case 13 -> joined(in, random(1 + chance.nextInt(200)));
            case 14 -> joined(new byte[] {'\r', '\n'}, in);
            default -> withMethod(in);
        };
    }

    private byte[] flipped(byte[] in) {
        byte[] out = in.clone();
        for (int i = 1 + chance.nextInt(4); i > 0; i--) {
            out[chance.nextInt(out.length)] ^= (byte) (1 << chance.nextInt(8));
        }
        return out;
    }

    private static byte[] replaced(byte[] in, int at, byte by) {
        byte[] out = in.clone();
        out[at] = by;
        return out;
    }

    private byte[] random(int length) {
        byte[] out = new byte[length];
        chance.nextBytes(out);
        return out;
    }

    /** A further header line behind some line of the head. */
    private byte[] withLine(byte[] in, String line) {
        String text = latin(in);
        int headEnd = text.indexOf("\r\n\r\n");
        int at = text.indexOf("\r\n", headEnd <= 0 ? 0 : chance.nextInt(headEnd));
        return at < 0 ? in : bytes(text.substring(0, at) + "\r\n" + line + text.substring(at));
    }

    /** Some line ends become others. */
    private byte[] lineEnds(byte[] in, String by) {
        String text = latin(in);
        StringBuilder out = new StringBuilder();
        boolean all = chance.nextBoolean();
        int from = 0;
        for (int at = text.indexOf("\r\n"); at >= 0; at = text.indexOf("\r\n", from)) {
            out.append(text, from, at).append(all || chance.nextInt(4) == 0 ? by : "\r\n");
            from = at + 2;
        }
        return bytes(out.append(text.substring(from)).toString());
    }

    /** One number becomes another: a length, a chunk's size, a version. */
    private byte[] digits(byte[] in) {
        int from = chance.nextInt(in.length);
        for (int i = 0; i < in.length; i++) {
            int at = (from + i) % in.length;
            if (in[at] >= '0' && in[at] <= '9') {
                String[] numbers = {"", "0", "9", "-", "+", "f", "00", "99999999999", "1e3", " ", "\u00b2"};
                byte[] other = bytes(numbers[chance.nextInt(numbers.length)]);
                return joined(Arrays.copyOf(in, at), other, Arrays.copyOfRange(in, at + 1, in.length));
            }
        }
        return in;
    }

    private byte[] withMethod(byte[] in) {
        String[] starts = {
            "PUT",
            "OPTIONS *",
            "CONNECT a:1",
            "TRACE",
            "post",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "",
            "GET http://a:b/",
            "POST //",
            "POST /v1/chat/completions/..;/",
            "POST /%2e%2e/",
            "M-SEARCH",
            "GET /" + "a/".repeat(20_000)
        };
        String text = latin(in);
        int space = text.indexOf(' ');
        return space < 0 ? in : bytes(starts[chance.nextInt(starts.length)] + text.substring(space));
    }

    private static String latin(byte[] in) {
        return new String(in, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
