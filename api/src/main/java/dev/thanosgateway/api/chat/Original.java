package dev.thanosgateway.api.chat;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The bytes a request came in, kept for the relay lane: a provider that speaks the same dialect sends them on with
 * only what must change changed. Implemented by dialects, which may keep beside the bytes what they learned when
 * reading them; another version of the dialect's bundle must be able to do without that.
 */
@ConsumerType
public interface Original {
    /** The dialect's name, such as {@code openai}. */
    String dialect();

    /** The operation within the dialect, such as {@code chat.completions}: a relay needs both to match. */
    String operation();

    /** The body, read-only, its own position; valid as long as the request. */
    ByteBuffer bytes();
}
