package dev.thanosgateway.dialect.openai;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** The payloads of whole server-sent events: what is a message on a socket. For one answer. */
final class SocketEvents {
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

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
                payloads.add(payload);
            }
        }
    }
}
