package dev.thanosgateway.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers of every vendor's language by path, as small as they may be or of a given length; and streams that go on until
 * {@link #end}. The answer does not depend on the request.
 */
final class FakeVendors implements FakeUpstream.Script {
    private static final String CHUNK = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{%s},\"finish_reason\":%s}]}";
    private static final String WORDS = "@";
    /** Models that answer at length: of what kind, and how many MiB. */
    private static final Pattern LARGE = Pattern.compile("\"model\":\"large-(text|tree)-(\\d+)\"");

    private static final long PACE_NANOS = 200_000_000;

    private static final int PIECE = 50_000;
    /** Of JSON that would be a large tree, as it stands in a string. */
    private static final String TREE = "{\\\"a\\\":[%s1]}";

    private static final String CALL =
            "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"%s\"}}]";
    private static final String MORE = "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"%s\"}}]";

    private volatile boolean over;
    private volatile byte[] text = {'o', 'k'};

    /** The streams end. */
    void end() {
        over = true;
    }

    /** From now on every answer says this. */
    void says(String words) {
        text = words.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void answer(FakeUpstream.Call call) throws IOException {
        byte[] body = call.request().body();
        String begin = new String(body, 0, Math.min(body.length, 400), StandardCharsets.ISO_8859_1);
        Matcher large = LARGE.matcher(begin);
        if (large.find()) {
            int size = Integer.parseInt(large.group(2)) << 20;
            large(call, large.group(1).equals("tree"), begin.contains("\"stream\":true"), size);
        } else if (begin.contains("\"stream\":true")) {
            stream(call);
        } else {
            whole(call);
        }
    }

    /** An answer in OpenAI's language of {@code size} bytes: of text, or of one call whose arguments have many values. */
    private static void large(FakeUpstream.Call call, boolean tree, boolean stream, int size) throws IOException {
        if (!stream) {
            String arguments = TREE.formatted("[],".repeat(size / 3));
            call.json(
                    200,
                    "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                            + "\"message\":{\"role\":\"assistant\",\"content\":null," + CALL.formatted(arguments)
                            + "},\"finish_reason\":\"tool_calls\"}]}");
            return;
        }
        call.sse();
        String piece = tree ? MORE.formatted("[],".repeat(PIECE / 3)) : "\"content\":\"" + "a".repeat(PIECE) + '"';
        byte[] frame = ("data: " + CHUNK.formatted(piece, "null") + "\n\n").getBytes(StandardCharsets.US_ASCII);
        if (tree) {
            call.frame(CHUNK.formatted(CALL.formatted("{\\\"a\\\":["), "null"));
        }
        for (int sent = 0; sent < size; sent += PIECE) {
            call.chunk(frame);
        }
        if (tree) {
            call.frame(CHUNK.formatted(MORE.formatted("1]}"), "null"));
        }
        call.frame(CHUNK.formatted("", tree ? "\"tool_calls\"" : "\"stop\""));
        call.frame("[DONE]");
        call.endChunks();
    }

    private void stream(FakeUpstream.Call call) throws IOException {
        call.sse();
        while (!over) {
            call.frame(CHUNK.formatted("\"content\":\"tick \"", "null"));
            LockSupport.parkNanos(PACE_NANOS);
        }
        call.frame(CHUNK.formatted("", "\"stop\""));
        call.frame("[DONE]");
        call.endChunks();
    }

    /** The words are sent from one copy, however many ask at a time and however long they are. */
    private void whole(FakeUpstream.Call call) throws IOException {
        byte[] words = text;
        String[] around = shape(call.request().path()).split(WORDS, -1);
        long length = (long) words.length * (around.length - 1);
        for (String piece : around) {
            length += piece.length();
        }
        call.raw("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + length + "\r\n\r\n"
                + around[0]);
        for (int i = 1; i < around.length; i++) {
            call.raw(words);
            call.raw(around[i]);
        }
    }

    /** In ASCII, with {@link #WORDS} where the words belong. */
    private static String shape(String path) {
        if (path.contains("/models") && !path.contains(":")) {
            return "{\"object\":\"list\",\"data\":[],\"models\":[]}";
        }
        if (path.contains("count")) {
            return "{\"input_tokens\":5,\"totalTokens\":5}";
        }
        if (path.contains(":batchEmbed") || path.contains(":embed")) {
            String values = "{\"values\":[0.1,0.2]}";
            return path.contains(":batch") ? "{\"embeddings\":[" + values + "]}" : "{\"embedding\":" + values + "}";
        }
        if (path.contains("mbed")) {
            return "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.1,0.2]}],"
                    + "\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1},"
                    + "\"embeddings\":[[0.1,0.2]]}";
        }
        if (path.contains(":generate")) {
            return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"" + WORDS
                    + "\"}]},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"totalTokenCount\":2}}";
        }
        if (path.contains("/messages")) {
            return "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":"
                    + "\"text\",\"text\":\"" + WORDS + "\"}],\"stop_reason\":\"end_turn\",\"usage\":"
                    + "{\"input_tokens\":1,\"output_tokens\":1}}";
        }
        if (path.contains("/api/")) {
            return "{\"model\":\"m\",\"created_at\":\"2026-01-01T00:00:00Z\",\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"" + WORDS + "\"},\"response\":\"" + WORDS
                    + "\",\"done\":true,\"done_reason\":\"stop\"}";
        }
        if (path.endsWith("/responses")) {
            return "{\"id\":\"r\",\"object\":\"response\",\"created_at\":1,\"status\":\"completed\",\"model\":\"m\","
                    + "\"output\":[{\"type\":\"message\",\"id\":\"i\",\"role\":\"assistant\",\"status\":\"completed\","
                    + "\"content\":[{\"type\":\"output_text\",\"text\":\"" + WORDS + "\",\"annotations\":[]}]}],"
                    + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"total_tokens\":2}}";
        }
        String choice = path.endsWith("/chat/completions")
                ? "\"message\":{\"role\":\"assistant\",\"content\":\"" + WORDS + "\"}"
                : "\"text\":\"" + WORDS + "\",\"logprobs\":null";
        return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + choice + ",\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,"
                + "\"total_tokens\":2}}";
    }
}
