package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.inbound.ContentCoding;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
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
