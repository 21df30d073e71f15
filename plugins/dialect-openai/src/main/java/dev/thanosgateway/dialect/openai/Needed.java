package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.wire.request.NeededHints;

/** Refuses what another language needs and this one has no word for. */
final class Needed {
    private Needed() {}

    /** @throws GatewayException UNSUPPORTED naming it */
    static void check(ChatContent content) throws GatewayException {
        String field = NeededHints.first(content, ChatOriginal.DIALECT);
        if (field != null && !ResponsesContent.HINTS.equals(content.hintsDialect())) {
            throw new GatewayException(
                            ErrorKind.UNSUPPORTED,
                            "This form of \"" + field + "\" is another vendor's, and has no counterpart in OpenAI's"
                                    + " chats. Leave it out, or name a model of that vendor.")
                    .withParameter(field);
        }
    }
}
