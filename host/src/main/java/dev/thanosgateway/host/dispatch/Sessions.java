package dev.thanosgateway.host.dispatch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The session a request is part of, by the headers that coding agents send already. */
final class Sessions {
    /**
     * In lower case, the most telling first: those of Claude Code, of Codex (today's and former names), what OpenCode and
     * Crush send to any provider, OpenCode to its own, and Amp.
     */
    static final List<String> HEADERS = List.of(
            "x-claude-code-session-id",
            "session_id",
            "session-id",
            "conversation_id",
            "x-session-id",
            "x-session-affinity",
            "x-opencode-session",
            "x-amp-thread-id");

    private static final int LENGTH_LIMIT = 256;

    private Sessions() {}

    /** @return null = the client names none, or an absurd one */
    static @Nullable String of(List<Map.Entry<String, String>> headers) {
        // Most clients send nothing that is forwarded.
        if (headers.isEmpty()) {
            return null;
        }
        for (String name : HEADERS) {
            for (Map.Entry<String, String> header : headers) {
                String value = header.getValue();
                if (header.getKey().equals(name) && !value.isBlank() && value.length() <= LENGTH_LIMIT) {
                    return value;
                }
            }
        }
        return null;
    }
}
