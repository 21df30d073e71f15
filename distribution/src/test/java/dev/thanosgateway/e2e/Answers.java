package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whatever comes back on one connection, checked to be answers: nothing but whole and well formed HTTP, errors in
 * JSON with a request id, no failure that would be the gateway's.
 */
final class Answers implements AutoCloseable {
    /** Of HTTP itself, about a version or a transfer coding nobody knows. */
    private static final List<Integer> HTTP_FAILURES = List.of(501, 505);

    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 [1-5][0-9][0-9]( [\\x20-\\x7e]*)?");
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\x20-\\x7e]*");

    /** Ollama's: its clients ask there whether it runs, so errors have its shape there. */
    private static final Pattern ROOT = Pattern.compile("(?m)^\\S+ +(https?://[^/ ]*)?/?([?#;]\\S*)?( |\r|$)");

    private final Socket socket = new Socket();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean ended;

    Answers(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
    }

    void send(byte[] request) {
        try {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // Refused before all of it was there: the answer says why, or got lost with the reset.
        }
    }

    /** Reads on until the connection ends or nothing has come for {@code millis}. @return whether it has ended */
    boolean read(int millis) throws IOException {
        socket.setSoTimeout(millis);
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int count = in.read(buffer); !ended; count = in.read(buffer)) {
                if (count < 0) {
                    ended = true;
                } else {
                    bytes.write(buffer, 0, count);
                }
            }
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            ended = true;
        }
        return true;
    }

    /** What came, line by line. */
    List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** Whether there is no answer; being told to go on is none. */
    boolean none() {
        return bytes.size() == 0 || bytes.toString(StandardCharsets.ISO_8859_1).equals(CONTINUE);
    }

    /**
     * The answers' status codes.
     *
     * @param request what was sent, for the error and because an answer to HEAD has no body
     * @throws AssertionError when something is no good answer
     */
    List<Integer> check(byte[] request) {
        if (bytes.size() > 0 && bytes.toByteArray()[0] == 0) {
            // It found the words that begin HTTP/2, and was answered in frames.
            assertThat(new String(request, StandardCharsets.ISO_8859_1)).containsIgnoringCase("PRI * HTTP/2.0");
            return List.of();
        }
        boolean root =
                ROOT.matcher(new String(request, StandardCharsets.ISO_8859_1)).find();
        Text text = new Text(bytes.toString(StandardCharsets.ISO_8859_1), ended, root);
        List<Integer> statuses = new ArrayList<>();
        try {
            boolean bodiless = startsWith(request, "HEAD ");
            while (!text.atEnd()) {
                statuses.add(text.answer(bodiless));
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\n--- to\n" + shown(request) + "\n--- came\n" + shown(bytes.toByteArray()), e);
        }
        return statuses;
    }

    private static boolean startsWith(byte[] request, String start) {
        return new String(request, StandardCharsets.ISO_8859_1).stripLeading().startsWith(start);
    }

    static String shown(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String head = text.length() > 3_000 ? text.substring(0, 3_000) + "… " + text.length() + " bytes" : text;
        StringBuilder out = new StringBuilder();
        for (char c : head.toCharArray()) {
            out.append(c < 0x20 && c != '\n' || c > 0x7e ? "\\x" + Integer.toHexString(c) : String.valueOf(c));
        }
        return out.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The bytes of several answers, read one by one. */
    private static final class Text {
        private final String all;
        private final boolean ended;
        private final boolean root;
        private int at;

        /** @param root whether some request asked for {@code /} */
        Text(String all, boolean ended, boolean root) {
            this.all = all;
            this.ended = ended;
            this.root = root;
        }

        boolean atEnd() {
            return at >= all.length();
        }

        int answer(boolean bodiless) {
            String status = line();
            assertThat(status).matches(STATUS);
            int code = Integer.parseInt(status.substring(9, 12));
            List<String> headers = new ArrayList<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                assertThat(line).matches(HEADER);
                headers.add(line);
            }
            if (code == 100) {
                return answer(bodiless);
            }
            RawHttp.Head head = new RawHttp.Head(code, headers);
            assertThat(headers.stream()
                            .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
                            .filter(name -> List.of("content-length", "x-request-id", "transfer-encoding")
                                    .contains(name)))
                    .doesNotHaveDuplicates();
            String body = bodiless || code == 204 || code == 304 ? "" : body(head);
            content(code, head, body, bodiless);
            return code;
        }

        private void content(int code, RawHttp.Head head, String body, boolean bodiless) {
            assertThat(head.header("x-request-id")).as("a request id").isNotEmpty();
            if (code >= 500) {
                assertThat(HTTP_FAILURES).contains(code);
            }
            if (bodiless) {
                return;
            }
            if (code >= 400) {
                assertThat(head.header("content-type")).startsWith("application/json");
                String error = new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                if (root && error.startsWith("{\"error\":\"")) {
                    assertThat(error).matches("\\{\"error\":\"([^\"\\\\]|\\\\.)+\"}");
                } else {
                    Chats.error(error);
                }
            } else if ("text/event-stream".equals(head.header("content-type"))) {
                assertThat(body).endsWith("data: [DONE]\n\n");
            }
        }

        private String body(RawHttp.Head head) {
            if (head.header("transfer-encoding") != null) {
                return chunks();
            }
            String length = head.header("content-length");
            if (length == null) {
                assertThat(ended)
                        .as("an answer without a length ends with its connection")
                        .isTrue();
                return some(all.length() - at);
            }
            return some(Integer.parseInt(length));
        }

        private String chunks() {
            StringBuilder body = new StringBuilder();
            for (int size = size(); size > 0; size = size()) {
                body.append(some(size));
                assertThat(line()).isEmpty();
            }
            assertThat(line()).as("no trailers").isEmpty();
            return body.toString();
        }

        private int size() {
            return Integer.parseInt(line(), 16);
        }

        private String some(int length) {
            assertThat(all.length() - at).as("the answer is whole").isGreaterThanOrEqualTo(length);
            at += length;
            return all.substring(at - length, at);
        }

        private String line() {
            int end = all.indexOf("\r\n", at);
            assertThat(end).as("a whole line").isGreaterThanOrEqualTo(0);
            String line = all.substring(at, end);
            at = end + 2;
            return line;
        }
    }
}
