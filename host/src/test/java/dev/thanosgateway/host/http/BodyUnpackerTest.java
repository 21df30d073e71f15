package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.dispatch.ByteBudget;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.dispatch.RequestMemory;
import dev.thanosgateway.host.inbound.ContentCoding;
import dev.thanosgateway.host.inbound.Packed;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a body that cannot be decoded. */
final class BodyUnpackerTest {
    private final Rig rig = new Rig("");
    private final List<Object> outcomes = new ArrayList<>();

    BodyUnpackerTest() throws Exception {}

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private final BodyReader.Whole whole = new BodyReader.Whole() {
        @Override
        public void body(ByteBuffer body) {
            outcomes.add(body);
        }

        @Override
        public void failed(GatewayException failure) {
            outcomes.add(failure.kind());
        }

        @Override
        public void broken(Throwable failure) {
            outcomes.add(failure);
        }
    };

    private static final int MEBIBYTE = 1 << 20;

    private static HeldBytes held(int memory) {
        return new HeldBytes(
                new ByteBudget(() -> 64 * MEBIBYTE), new ByteBudget(() -> 64 * MEBIBYTE), new ByteBudget(() -> memory));
    }

    private void unpack(HeldBytes held, ContentCoding coding, byte[] packed) {
        RequestMemory memory = held.request();
        new BodyUnpacker(held, Runnable::run)
                .unpack(new BodyUnpacker.Packed(List.of(coding), ByteBuffer.wrap(packed), 8 * MEBIBYTE, memory), whole);
        memory.close();
        assertThat(held.memory().used()).isZero();
    }

    @Test
    void whatNeverFitsIsTooLargeAndNotOverload() throws Exception {
        byte[] plain = new byte[2 * MEBIBYTE];
        new Random(1).nextBytes(plain);
        unpack(held(16 * MEBIBYTE), ContentCoding.ZSTD, Packed.zstd(plain));
        assertThat(outcomes).containsExactly(ErrorKind.TOO_LARGE);
        unpack(held(16 * MEBIBYTE), ContentCoding.GZIP, Packed.gzip(plain));
        assertThat(outcomes).contains(ByteBuffer.wrap(plain));
        // What it decodes to is too much, not its decoder.
        unpack(held(6 * MEBIBYTE), ContentCoding.GZIP, Packed.gzip(plain));
        assertThat(outcomes.getLast()).isEqualTo(ErrorKind.TOO_LARGE);
        HeldBytes full = held(64 * MEBIBYTE);
        try (ByteBudget.Share others = full.memory().share()) {
            assertThat(others.reach(60 * MEBIBYTE)).isTrue();
            RequestMemory memory = full.request();
            new BodyUnpacker(full, Runnable::run)
                    .unpack(
                            new BodyUnpacker.Packed(
                                    List.of(ContentCoding.ZSTD),
                                    ByteBuffer.wrap(Packed.zstd(plain)),
                                    8 * MEBIBYTE,
                                    memory),
                            whole);
            memory.close();
        }
        assertThat(outcomes.getLast()).isEqualTo(ErrorKind.OVERLOADED);
    }

    @Test
    void aFailureOfTheVirtualMachineIsAnswered() {
        HeldBytes held = rig.service.held();
        List<ContentCoding> broken = new AbstractList<>() {
            @Override
            public ContentCoding get(int index) {
                throw new StackOverflowError();
            }

            @Override
            public int size() {
                return 1;
            }
        };
        BodyUnpacker unpacker = new BodyUnpacker(held, Runnable::run);
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            unpacker.unpack(new BodyUnpacker.Packed(broken, ByteBuffer.wrap(new byte[10]), 100, held.request()), whole);
        }
        assertThat(outcomes)
                .hasSize(2 * Runtime.getRuntime().availableProcessors())
                .containsOnly(ErrorKind.INTERNAL);
        assertThat(held.memory().used()).isZero();
    }
}
