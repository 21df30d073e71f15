package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Requests that two servers in a row could read differently: refused and the connection closed, or read in the one way
 * that HTTP allows, but never two answers for what is one request to somebody.
 */
class SmugglingIT {
    private static final int AT_ONCE = 64;
    private static final int QUIET_MILLIS = 700;
    private static final String BODY = Chats.whole("echo/echo", "outer");
    private static final String HIDDEN = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.with(Gateway.ANY_PORT).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    /** Header lines that say of a transfer coding what not everybody understands. */
    private static List<String> codings() {
        List<String> codings = new ArrayList<>();
        for (String value : List.of(
                "xchunked",
                "chunked, identity",
                "identity, chunked",
                "chunked, chunked",
                "gzip, chunked",
                "gzip",
                "identity",
                "\"chunked\"",
                "chunked;q=1",
                "chunked; a",
                "chu nked",
                "chunked,",
                ",chunked",
                "cow",
                "chunked cow",
                "",
                "\u000bchunked",
                "\u0000chunked",
                "chunked\u0000",
                "\u00a0chunked")) {
            codings.add("Transfer-Encoding: " + value);
        }
        for (String name : List.of(
                "Transfer-Encoding ",
                " Transfer-Encoding",
                "\tTransfer-Encoding",
                "Transfer\u0000-Encoding",
                "Transfer-Encoding\u0000",
                "Transfer Encoding",
                "Transfer-Encoding\u00a0")) {
            codings.add(name + ": chunked");
        }
        codings.add("X: y\nTransfer-Encoding: chunked");
        codings.add("X: y\rTransfer-Encoding: chunked");
        codings.add("Transfer-Encoding:\r\n chunked");
        codings.add("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity");
        codings.add("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked");
        codings.add("Transfer-Encoding\r\n: chunked");
        return codings;
    }

    private static List<String> lengths(int right) {
        List<String> lengths = new ArrayList<>();
        for (String value : List.of(
                "+" + right,
                "-" + right,
                "0x" + Integer.toHexString(right),
                right + ".0",
                right + "e0",
                right + " " + right,
                right + ", " + right,
                right + "," + (right + 1),
                right + ";a",
                "\"" + right + "\"",
                "",
                " ",
                right + "_0",
                "\u0000" + right,
                right + "\u0000",
                "\u00b2",
                "99999999999999999999",
                "18446744073709551616",
                "4294967296")) {
            lengths.add("Content-Length: " + value);
        }
        lengths.add("Content-Length : " + right);
        lengths.add(" Content-Length: " + right);
        lengths.add("Content-Length: " + right + "\r\nContent-Length: 0");
        lengths.add("Content-Length: 0\r\nContent-Length: " + right);
        lengths.add("Content-Length: " + right + "\r\nContent-Length: " + right);
        lengths.add("Content-Length:\r\n " + right);
        lengths.add("Content-Length: 0\nContent-Length: " + right);
        lengths.add("Content-Length: 0\r\n\tContent-Length: " + right);
        return lengths;
    }

    /** Heads with one line of framing each, before a body in which a request hides. */
    private static List<String> framed() {
        List<String> cases = new ArrayList<>();
        String chunk = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
        for (String version : List.of("HTTP/1.1", "HTTP/1.0")) {
            String start = "POST " + Chats.PATH + " " + version + "\r\nHost: localhost\r\n";
            for (String coding : codings()) {
                // The coding alone, then beside a length in either order: for one reader the hidden one is body.
                cases.add(start + coding + "\r\n\r\n" + chunk + HIDDEN);
                String length = "Content-Length: " + (chunk.length() + HIDDEN.length());
                cases.add(start + length + "\r\n" + coding + "\r\n\r\n" + chunk + HIDDEN);
                cases.add(start + coding + "\r\n" + length + "\r\n\r\n" + chunk + HIDDEN);
            }
            String both = "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n";
            cases.add(start + both + chunk + HIDDEN);
            cases.add(start + both + "0\r\n\r\n" + HIDDEN);
            for (String length : lengths(BODY.length())) {
                cases.add(start + length + "\r\n\r\n" + BODY + HIDDEN);
            }
        }
        return cases;
    }

    /** Chunked bodies that end where not everybody sees it. */
    private static List<String> chunks() {
        List<String> cases = new ArrayList<>();
        String start = "POST " + Chats.PATH + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        String size = Integer.toHexString(BODY.length());
        for (String line : List.of(
                "0x" + size,
                "-" + size,
                "+" + size,
                size + "\u0000",
                "\u0000" + size,
                size + "g",
                size + ".",
                "ffffffff" + size,
                "1000000000000000" + size,
                size + " " + size,
                "",
                ";a=b",
                size + ",",
                size + "\u00a0")) {
            cases.add(start + line + "\r\n" + BODY + "\r\n0\r\n\r\n" + HIDDEN);
        }
        cases.add(start + size + "\n" + BODY + "\n0\n\n" + HIDDEN);
        cases.add(start + size + "\r" + BODY + "\r0\r\r" + HIDDEN);
        cases.add(start + size + ";a\nb=\"\r\n\"\r\n" + BODY + "\r\n0\r\n\r\n" + HIDDEN);
        cases.add(start + size + ";" + HIDDEN + "\r\n" + BODY + "\r\n0\r\n\r\n" + HIDDEN);
        cases.add(start + size + "\r\n" + BODY + "XX0\r\n\r\n" + HIDDEN);
        cases.add(start + size + "\r\n" + BODY + "0\r\n\r\n" + HIDDEN);
        cases.add(
                start + size + "\r\n" + BODY + "\r\n0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n" + HIDDEN);
        return cases;
    }

    /** Heads that are no head to somebody. */
    private static List<String> heads() {
        List<String> cases = new ArrayList<>();
        String get = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n";
        for (String line : List.of(
                "X: a\r\n b",
                "X: a\r\n\tb",
                "X\r\n",
                ": x",
                "X : y",
                "X\u0000: y",
                "X: \u0000y",
                "X: y\rZ: z",
                "Host: other",
                "X(: y",
                "X@: y",
                "\u00e9: y",
                " X: y")) {
            cases.add(get + line + "\r\n\r\n" + HIDDEN);
        }
        for (String start : List.of(
                "GET /v1/models",
                "GET /v1/models HTTP/1.1 HTTP/1.1",
                "GET /v1/models HTTP/1.2",
                "GET /v1/models HTTP/2.0",
                "GET /v1/models HTTP/0.9",
                "GET /v1/models HTTP/1.10",
                "GET\t/v1/models\tHTTP/1.1",
                "G\u0000T /v1/models HTTP/1.1",
                "GET /v1/mo\u0000dels HTTP/1.1",
                "GET v1/models HTTP/1.1",
                "GET /v1/models\u000b HTTP/1.1",
                "CONNECT localhost:80 HTTP/1.1",
                "GET /v1/models HTTP/1.1\u0000")) {
            cases.add(start + "\r\nHost: localhost\r\n\r\n" + HIDDEN);
        }
        for (String host : List.of("a b", "a/?", "a@b", "a\u0000", "[::1", "a:b:c", "localhost:99999999")) {
            cases.add("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\n\r\n" + HIDDEN);
        }
        cases.add(get.replace("\r\n", "\n") + "\n" + HIDDEN);
        cases.add(get.replace("\r\n", "\r") + "\r" + HIDDEN);
        cases.add(get + "\n" + HIDDEN);
        cases.add(get + "X: y\n\r\n" + HIDDEN);
        cases.add("GET /v1/models HTTP/1.1\r\n\r\n" + HIDDEN);
        return cases;
    }

    @Test
    void noneIsAnsweredTwice() throws Exception {
        List<String> cases = new ArrayList<>(framed());
        cases.addAll(chunks());
        cases.addAll(heads());
        assertThat(cases).hasSizeGreaterThan(215);
        Semaphore slots = new Semaphore(AT_ONCE);
        List<String> wrong = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Integer>>> answers = new ArrayList<>();
            for (String one : cases) {
                slots.acquire();
                answers.add(clients.submit(() -> {
                    try {
                        return answers(one);
                    } finally {
                        slots.release();
                    }
                }));
            }
            for (int i = 0; i < cases.size(); i++) {
                List<Integer> codes = answers.get(i).get(60, TimeUnit.SECONDS);
                if (codes.size() > 1) {
                    wrong.add(codes + " to\n" + Answers.shown(bytes(cases.get(i))));
                }
            }
        }
        assertThat(wrong.stream().limit(80))
                .as(wrong.size() + " of " + cases.size() + " cases")
                .isEmpty();
        Corpus.assertUnharmed(gateway);
    }

    private static List<Integer> answers(String request) throws Exception {
        try (Answers answers = new Answers(gateway.port())) {
            answers.send(bytes(request));
            boolean ended = false;
            for (int tries = 0; tries < 25 && !ended && answers.none(); tries++) {
                ended = answers.read(QUIET_MILLIS);
            }
            // A second answer would follow at once.
            assertThat(ended || answers.read(QUIET_MILLIS) || !answers.none())
                    .as("answered or closed")
                    .isTrue();
            return answers.check(bytes(request));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
