package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import java.util.Set;

/** Hints of other languages that ask for another answer, not for a better one: nothing may just leave them out. */
final class Needed {
    private static final Set<String> FIELDS = Set.of("tools", "tool_choice", "mcp_servers");

    private Needed() {}

    /** @throws GatewayException UNSUPPORTED naming the first of them that there is */
    static void check(ChatContent content) throws GatewayException {
        String dialect = content.hintsDialect();
        if (dialect == null || dialect.equals(ChatOriginal.DIALECT) || dialect.equals(ResponsesContent.HINTS)) {
            return;
        }
        for (String field : FIELDS) {
            if (content.hints().containsKey(field)) {
                throw new GatewayException(
                                ErrorKind.UNSUPPORTED,
                                "This form of \"" + field + "\" is another vendor's, and has no counterpart in OpenAI's"
                                        + " chats. Leave it out, or name a model of that vendor.")
                        .withParameter(field);
            }
        }
    }
}
