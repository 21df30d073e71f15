package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what is not of this language in a stream that is. For one answer, used by one thread at a time. */
@FunctionalInterface
public interface Foreign {
    /**
     * What the data of one event says.
     *
     * @param bytes the data, from {@code from} to before {@code to}
     * @return null = it is of this language; a {@code Started} or {@code Finished} need not be among them
     * @throws GatewayException UPSTREAM_PROTOCOL when it is of no language
     */
    @Nullable
    List<ChatEvent> read(byte[] bytes, int from, int to) throws GatewayException;
}
