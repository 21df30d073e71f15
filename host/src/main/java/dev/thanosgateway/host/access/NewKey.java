package dev.thanosgateway.host.access;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/** Makes keys: {@code thanos_}, 256 random bits in 43 letters and digits, and 6 that tell a key copied badly. */
final class NewKey {
    static final String PREFIX = "thanos_";
    private static final int RANDOM_LENGTH = 43;
    private static final int CHECK_LENGTH = 6;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

    private NewKey() {}

    static String make(SecureRandom random) {
        String secret = base62(new BigInteger(256, random), RANDOM_LENGTH);
        return PREFIX + secret + check(secret);
    }

    /** Whether a text looks like one of ours and cannot be one: a letter was lost or changed. */
    static boolean damaged(String text) {
        if (!text.startsWith(PREFIX)) {
            return false;
        }
        String rest = text.substring(PREFIX.length());
        return rest.length() != RANDOM_LENGTH + CHECK_LENGTH || !rest.endsWith(check(rest.substring(0, RANDOM_LENGTH)));
    }

    private static String check(String secret) {
        CRC32 crc = new CRC32();
        crc.update(secret.getBytes(StandardCharsets.UTF_8));
        return base62(BigInteger.valueOf(crc.getValue()), CHECK_LENGTH);
    }

    private static String base62(BigInteger number, int length) {
        char[] digits = new char[length];
        BigInteger rest = number;
        for (int i = length - 1; i >= 0; i--) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            digits[i] = DIGITS.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(digits);
    }
}
