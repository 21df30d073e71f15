package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The payloads of whole server-sent events: what is a message on a socket. For one answer.
 *
 * <p>The first event of a response also has the id of its request, which over HTTP is in the head of the answer. OpenAI's
 * sockets tell such headers in a member {@code headers} of events, and Codex looks for it in every event.
 */
final class SocketEvents {
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};
    private static final byte[] HEADERS = ",\"headers\":".getBytes(StandardCharsets.US_ASCII);

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    /** Still to be told; empty = it was, or there is none. */
    private String requestId = "";

    /** The id of the request that the coming events answer. */
    void answers(String id) {
        requestId = id;
    }

    /** @return the payload of each event that is a JSON object, without comments and end marks */
    List<byte[]> of(byte[] frames) {
        List<byte[]> payloads = new ArrayList<>();
        int from = 0;
        while (from < frames.length) {
            int end = from;
            while (end < frames.length && frames[end] != '\n' && frames[end] != '\r') {
                end++;
            }
            line(frames, from, end, payloads);
            boolean both = end + 1 < frames.length && frames[end] == '\r' && frames[end + 1] == '\n';
            from = end + (both ? 2 : 1);
        }
        event(payloads);
        return payloads;
    }

    private void line(byte[] bytes, int from, int end, List<byte[]> payloads) {
        if (from == end) {
            event(payloads);
            return;
        }
        for (int i = 0; i < DATA.length; i++) {
            if (from + i >= end || bytes[from + i] != DATA[i]) {
                return;
            }
        }
        int begin = from + DATA.length;
        begin += begin < end && bytes[begin] == ' ' ? 1 : 0;
        if (data.size() > 0) {
            data.write('\n');
        }
        data.write(bytes, begin, end - begin);
    }

    private void event(List<byte[]> payloads) {
        if (data.size() > 0) {
            byte[] payload = data.toByteArray();
            data.reset();
            if (payload[0] == '{') {
                payloads.add(requestId.isEmpty() ? payload : named(payload));
            }
        }
    }

    /** An event, with the id of its request if it is the response's first. */
    private byte[] named(byte[] event) {
        try {
            boolean first =
                    "response.created".equals(SocketRequest.text(JsonReader.lenient(event, 0, event.length), "type"));
            if (!first || hasHeaders(JsonReader.lenient(event, 0, event.length))) {
                return event;
            }
        } catch (JsonException e) {
            // The reader of the event reports what is wrong with it.
            return event;
        }
        int end = event.length - 1;
        while (event[end] != '}') {
            end--;
        }
        JsonWriter headers = new JsonWriter(128);
        headers.beginObject().name("x-request-id").value(requestId).endObject();
        requestId = "";
        return new JsonWriter(end + 160)
                .raw(Arrays.copyOf(event, end))
                .raw(HEADERS)
                .raw(headers.toBytes())
                .endObject()
                .toBytes();
    }

    private static boolean hasHeaders(JsonReader json) throws JsonException {
        boolean found = false;
        json.enterObject();
        while (json.nextMember()) {
            found |= json.name().equals("headers");
            json.skip();
        }
        return found;
    }
}
