package dev.thanosgateway.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Long answers in every language, of which a client keeps the end alone. */
final class LargeAnswers {
    private static final int END_BYTES = 4096;

    private LargeAnswers() {}

    /** A client's language: its path, how it asks, and what a whole stream of it ends with. */
    enum Language {
        CHAT(Chats.PATH, "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]", "data: [DONE]"),
        RESPONSES("/v1/responses", "\"input\":\"a\"", "response.completed"),
        MESSAGES(
                "/v1/messages",
                "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]",
                "event: message_stop"),
        GEMINI("", "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]}]", "\"finishReason\":"),
        OLLAMA("/api/chat", "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]", "\"done\":true");

        private final String path;
        private final String asks;
        private final String end;

        Language(String path, String asks, String end) {
            this.path = path;
            this.asks = asks;
            this.end = end;
        }

        String path(String model, boolean stream) {
            if (this != GEMINI) {
                return path;
            }
            return "/v1beta/models/" + model + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
        }

        byte[] body(String model, boolean stream) {
            String named = this == GEMINI ? "{" : "{\"model\":\"" + model + "\",\"stream\":" + stream + ",";
            return (named + asks + "}").getBytes(StandardCharsets.US_ASCII);
        }

        /** What is in the last bytes of a stream that came to its end, and of no other. */
        String end() {
            return end;
        }
    }

    /** Reads a stream as fast as it comes; gives its last bytes. */
    static String end(int port, Language language, String model) throws IOException {
        byte[] kept = new byte[END_BYTES];
        byte[] read = new byte[256 * 1024];
        int size = 0;
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            String path = language.path(model, true);
            socket.getOutputStream()
                    .write(RawHttp.post(
                            path, language.body(model, true), "Connection: close", "anthropic-version: 2023-06-01"));
            InputStream in = socket.getInputStream();
            for (int more = in.read(read); more >= 0; more = in.read(read)) {
                int fresh = Math.min(more, END_BYTES);
                int old = Math.min(size, END_BYTES - fresh);
                System.arraycopy(kept, size - old, kept, 0, old);
                System.arraycopy(read, more - fresh, kept, old, fresh);
                size = old + fresh;
            }
        }
        return new String(Arrays.copyOf(kept, size), StandardCharsets.UTF_8);
    }
}
