package dev.thanosgateway.host.config;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key callers use, as {@code [auth] api_keys} has it: plain, or {@code sha256:} and the 64 hexadecimal digits of the
 * SHA-256 of its bytes.
 */
public final class CallerKey {
    private static final String HASHED = "sha256:";
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{64}");

    private CallerKey() {}

    /** The digest of a key that is written hashed; empty = it is written plain. */
    public static Optional<byte[]> digest(Secret key) {
        String text = key.reveal();
        return text.startsWith(HASHED)
                ? Optional.of(HexFormat.of().parseHex(text.substring(HASHED.length())))
                : Optional.empty();
    }

    static Secret checked(String text) {
        Secret key = Values.credential(text);
        if (key.reveal().startsWith(HASHED)
                && !HEX.matcher(key.reveal().substring(HASHED.length())).matches()) {
            throw new IllegalArgumentException("has a hashed key that is not \"sha256:\" and 64 hexadecimal digits.");
        }
        return key;
    }
}
