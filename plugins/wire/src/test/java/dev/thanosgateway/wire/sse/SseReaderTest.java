package dev.thanosgateway.wire.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {
    private final List<String> data = new ArrayList<>();
    private final List<String> plainFrames = new ArrayList<>();
    private final SseReader reader = new SseReader((bytes, from, to, frame) -> {
        data.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        if (frame >= 0) {
            plainFrames.add(new String(bytes, frame, to + 2 - frame, StandardCharsets.UTF_8));
        }
    });

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void anySlicingOfAnyLineEndsGivesTheSameData(String lineEnd) throws GatewayException {
        String text =
                (": hi\n\ndata: {\"a\":\"é😀\"}\n\nevent: x\ndata:{1}\nid: 7\nretry: 5\n\ndata: one\ndata\ndata:  two\n\n"
                                + ":c\ndata:\n\ndataset: no\n\ndata: last")
                        .replace("\n", lineEnd);
        byte[] bytes = ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            for (int size : new int[] {bytes.length, 1, 2, 3, 7}) {
                if (size < bytes.length && cut > 0) {
                    continue;
                }
                data.clear();
                SseReader fresh = new SseReader(
                        (b, from, to, frame) -> data.add(new String(b, from, to - from, StandardCharsets.UTF_8)));
                feed(fresh, bytes, 0, cut, size);
                feed(fresh, bytes, cut, bytes.length, size);
                fresh.end();
                assertThat(data)
                        .as("cut at %d, then by %d", cut, size)
                        .containsExactly("{\"a\":\"é😀\"}", "{1}", "one\n\n two", "", "last");
            }
        }
    }

    private static void feed(SseReader reader, byte[] bytes, int from, int to, int size) throws GatewayException {
        for (int at = from; at < to; at += size) {
            reader.feed(ByteBuffer.wrap(bytes, at, Math.min(size, to - at)).asReadOnlyBuffer());
        }
    }

    @Test
    void onlyAFrameOfOnePlainLineIsToldAsOne() throws GatewayException {
        feed("data: a\n\n:x\ndata: b\n\ndata: c\nid: 1\n\ndata:d\n\ndata: e\r\n\r\ndata: f\ndata: g\n\ndata: h\n\n");

        assertThat(plainFrames).containsExactly("data: a\n\n", "data: b\n\n", "data: h\n\n");
    }

    @Test
    void theNameOfAnEventIsKnownWhileItsDataIsTold() throws GatewayException {
        byte[] bytes = "event: ping\n\ndata: a\n\nevent: x\r\ndata: b\r\n\r\ndata: c\nevent:y\nevent: é\n\ndata: d\n\n"
                .getBytes(StandardCharsets.UTF_8);
        for (int size : new int[] {bytes.length, 1, 2, 3, 7}) {
            List<String> told = new ArrayList<>();
            AtomicReference<SseReader> named = new AtomicReference<>();
            named.set(new SseReader((b, from, to, frame) ->
                    told.add(named.get().event() + "=" + new String(b, from, to - from, StandardCharsets.UTF_8))));
            feed(named.get(), bytes, 0, bytes.length, size);

            assertThat(told).as("by %d", size).containsExactly("=a", "x=b", "é=c", "=d");
        }
    }

    @Test
    void aFrameOfMoreThan16MebibytesIsRefusedHoweverItComes() throws GatewayException {
        byte[] piece = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        for (String start : List.of("data: ", ": ", "data: a\n:", "")) {
            SseReader fresh = new SseReader((b, from, to, frame) -> {});
            fresh.feed(ByteBuffer.wrap(start.getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 17; i++) {
                            fresh.feed(ByteBuffer.wrap(piece));
                        }
                    })
                    .as("after '%s'", start)
                    .extracting("kind")
                    .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
        String lines = ("data: " + "x".repeat(1 << 20) + "\n").repeat(17);
        assertThatThrownBy(() -> feed(lines)).extracting("kind").isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        assertThatThrownBy(() -> feed("\n\ndata: " + "x".repeat(17 << 20) + "\n\n"))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    @Test
    void aFrameOfAlmost16MebibytesPasses() throws GatewayException {
        feed("data: " + "x".repeat((16 << 20) - 100) + "\n\ndata: y\n\n");

        assertThat(data).hasSize(2);
        assertThat(data.get(1)).isEqualTo("y");
    }

    private void feed(String text) throws GatewayException {
        reader.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
