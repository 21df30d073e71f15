package dev.thanosgateway.host.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ContentCodingTest {
    private static final int CASES = 3_000;
    private static final int MOST = 1 << 20;

    private static byte[] plain(int size) {
        byte[] plain = new byte[size];
        Random random = new Random(size);
        for (int i = 0; i < size; i++) {
            plain[i] = (byte) ("{\"role\":\"user\"}, ".charAt(i % 17) + (random.nextInt(9) == 0 ? 1 : 0));
        }
        return plain;
    }

    private static byte[] packed(ContentCoding coding, byte[] plain) throws IOException {
        return switch (coding) {
            case GZIP -> Packed.gzip(plain);
            case DEFLATE -> Packed.zlib(plain);
            case ZSTD -> Packed.zstd(plain);
            case BROTLI -> Packed.BROTLI.clone();
        };
    }

    private static byte[] decoded(ContentCoding coding, byte[] packed, int length) throws IOException {
        try (InputStream in = coding.decode(ByteBuffer.wrap(packed, 0, length))) {
            return in.readNBytes(MOST);
        }
    }

    @Test
    void theLastCodingIsUndoneFirst() throws Exception {
        assertThat(ContentCoding.of(List.of("gzip, ZSTD"))).containsExactly(ContentCoding.ZSTD, ContentCoding.GZIP);
        assertThat(ContentCoding.of(List.of("x-gzip", "identity, br")))
                .containsExactly(ContentCoding.BROTLI, ContentCoding.GZIP);
        assertThat(ContentCoding.of(List.of("identity", " , "))).isEmpty();
        for (String bad : List.of("rot13", "gzip, compress", "gzip, gzip, gzip", "gzip;q=1")) {
            assertThatThrownBy(() -> ContentCoding.of(List.of(bad)))
                    .extracting("kind")
                    .isEqualTo(ErrorKind.UNSUPPORTED_CODING);
        }
    }

    @ParameterizedTest
    @EnumSource(ContentCoding.class)
    void whatClientsSendIsDecoded(ContentCoding coding) throws Exception {
        byte[] plain = coding == ContentCoding.BROTLI
                ? Packed.BROTLI_TEXT.getBytes(StandardCharsets.US_ASCII)
                : plain(300_000);
        byte[] packed = packed(coding, plain);
        assertThat(decoded(coding, packed, packed.length)).isEqualTo(plain);
    }

    @Test
    void deflateNeedsNoZlibAroundIt() throws Exception {
        byte[] packed = Packed.deflate(plain(5_000));
        assertThat(decoded(ContentCoding.DEFLATE, packed, packed.length)).isEqualTo(plain(5_000));
    }

    /** Any byte may be any other, and the end may be anywhere: data that is not valid throws, and never loops. */
    @ParameterizedTest
    @EnumSource(ContentCoding.class)
    void badDataThrowsOrIsOtherData(ContentCoding coding) throws Exception {
        long seed = Long.getLong("thanos.seed", System.nanoTime());
        System.out.println("content codings: -Dthanos.seed=" + seed);
        Random random = new Random(seed);
        byte[] good = packed(coding, plain(4_000));
        for (int i = 0; i < CASES; i++) {
            byte[] bad = good.clone();
            int length = random.nextBoolean() ? bad.length : 1 + random.nextInt(bad.length);
            for (int changes = random.nextInt(6); changes > 0; changes--) {
                // Most of what a decoder decides is in the first bytes.
                int at = random.nextInt(random.nextBoolean() ? Math.min(24, bad.length) : bad.length);
                bad[at] = (byte) random.nextInt(256);
            }
            try {
                assertThat(coding.decoderBytes(ByteBuffer.wrap(bad, 0, length))).isBetween(0L, 32L << 20);
                decoded(coding, bad, length);
            } catch (GatewayException e) {
                assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
            } catch (IOException | RuntimeException e) {
                assertThat(e).as("case %d of seed %d", i, seed).isNotNull();
            }
        }
    }

    /** Each checks: gzip a sum, zlib too, zstd a hash where its frame says so; brotli at least knows its end. */
    @ParameterizedTest
    @EnumSource(ContentCoding.class)
    void aCutIsNoShorterBody(ContentCoding coding) throws Exception {
        byte[] packed = packed(coding, plain(4_000));
        for (int length = 1; length < packed.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> decoded(coding, packed, cut))
                    .as("after " + length)
                    .isNotNull();
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(ContentCoding.class)
    void whatFollowsTheDataIsRefused(ContentCoding coding) throws Exception {
        byte[] good = packed(coding, plain(4_000));
        byte[] more = coding == ContentCoding.DEFLATE ? good : new byte[] {0x1F, (byte) 0x8B, 8};
        for (byte[] rest : List.of("JUNK".repeat(20).getBytes(StandardCharsets.US_ASCII), new byte[] {0}, more)) {
            byte[] bad = joined(good, rest);
            assertThatThrownBy(() -> decoded(coding, bad, bad.length))
                    .as("followed by " + rest.length)
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ContentCoding.class,
            names = {"GZIP", "ZSTD"})
    void membersAndFramesAreJoined(ContentCoding coding) throws Exception {
        byte[] three = joined(packed(coding, plain(4_000)), packed(coding, new byte[0]), packed(coding, plain(40_000)));
        assertThat(decoded(coding, three, three.length)).isEqualTo(joined(plain(4_000), plain(40_000)));
    }

    /** Extra data, a name, a comment and the header's own sum (RFC 1952, 2.3.1). */
    @Test
    void aGzipHeaderMayHaveAllItsParts() throws Exception {
        byte[] gzip = Packed.gzip(plain(4_000));
        byte[] head = {0x1F, (byte) 0x8B, 8, 0x1F, 0, 0, 0, 0, 0, 3, 3, 0, 'x', 'y', 0, 'n', 0, 'c', 0, 1, 2};
        byte[] whole = joined(head, Arrays.copyOfRange(gzip, 10, gzip.length));
        assertThat(decoded(ContentCoding.GZIP, whole, whole.length)).isEqualTo(plain(4_000));
        gzip[3] = 0x20;
        assertThatThrownBy(() -> decoded(ContentCoding.GZIP, gzip, gzip.length)).hasMessageContaining("header");
    }

    /** As pzstd writes them (RFC 8878, 3.1.2). */
    @Test
    void skippableZstdFramesAreSkipped() throws Exception {
        byte[] frame = Packed.zstd(plain(4_000));
        byte[] skippable = {0x5A, 0x2A, 0x4D, 0x18, 5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};
        byte[] all = joined(skippable, skippable, frame, skippable, frame, skippable);
        assertThat(decoded(ContentCoding.ZSTD, all, all.length)).isEqualTo(joined(plain(4_000), plain(4_000)));
        assertThat(ZstdFrames.window(ByteBuffer.wrap(all))).isEqualTo(ZstdFrames.window(ByteBuffer.wrap(frame)));
        for (int length = all.length - 1; length > all.length - skippable.length; length--) {
            int cut = length;
            assertThatThrownBy(() -> decoded(ContentCoding.ZSTD, all, cut)).isNotNull();
        }
    }

    @Test
    void theLargestWindowOfAllFramesCounts() throws Exception {
        byte[] small = Packed.zstdZeros(17, 3);
        byte[] large = Packed.zstdZeros(27, 1);
        byte[] both = new byte[small.length + large.length];
        System.arraycopy(small, 0, both, 0, small.length);
        System.arraycopy(large, 0, both, small.length, large.length);
        assertThat(ZstdFrames.window(ByteBuffer.wrap(small))).isEqualTo(1 << 17);
        assertThat(ZstdFrames.window(ByteBuffer.wrap(both))).isEqualTo(1 << 27);
        assertThatThrownBy(() -> ContentCoding.ZSTD.decoderBytes(ByteBuffer.wrap(both)))
                .hasMessageContaining("8 MiB")
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_REQUEST);
        byte[] most = Packed.zstdZeros(23, 1);
        assertThat(ContentCoding.ZSTD.decoderBytes(ByteBuffer.wrap(most))).isLessThan(16L << 20);
        assertThat(decoded(ContentCoding.ZSTD, most, most.length)).hasSize(128 * 1024);
    }
}
