package dev.thanosgateway.host.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of callers that the gateway made itself, in two files of its state directory. {@code pepper} holds 32
 * random bytes in hexadecimal; {@code keys} one line for each key: {@code hmac-sha256:<64 hexadecimal digits> <made at,
 * ISO 8601> <name>}, where the digits are the HMAC-SHA-256 of the key under the pepper. No key is stored. What was
 * read is immutable; the files may be shared by any number of gateways.
 */
final class KeyStore {
    private static final String PEPPER = "pepper";
    private static final String KEYS = "keys";
    private static final String HASHED = "hmac-sha256:";
    private static final String ALGORITHM = "HmacSHA256";

    /** Holds nothing, and needs no directory. */
    static final KeyStore EMPTY = new KeyStore(null, List.of(), null);

    private final @Nullable SecretKeySpec pepper;
    private final List<byte[]> hashes;
    private final @Nullable String made;

    private KeyStore(@Nullable SecretKeySpec pepper, List<byte[]> hashes, @Nullable String made) {
        this.pepper = pepper;
        this.hashes = hashes;
        this.made = made;
    }

    /** Reads what is stored; writes nothing, also no directory. Blocking. */
    static KeyStore read(Path directory) throws IOException {
        // Each file is put in place whole, the pepper first: no lock is needed to read.
        return Files.exists(directory.resolve(KEYS)) ? stored(new PrivateFiles(directory), directory) : EMPTY;
    }

    /** Reads what is stored; if there is no key, makes the first one. Blocking. */
    static KeyStore readOrMake(Path directory) throws IOException {
        KeyStore stored = read(directory);
        if (!stored.isEmpty()) {
            return stored;
        }
        PrivateFiles files = new PrivateFiles(directory);
        return files.locked(() -> {
            if (files.has(KEYS)) {
                KeyStore other = stored(files, directory);
                if (!other.isEmpty()) {
                    return other;
                }
            }
            return made(files, directory);
        });
    }

    private static KeyStore made(PrivateFiles files, Path directory) throws IOException {
        SecureRandom random = new SecureRandom();
        if (!files.has(PEPPER)) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            files.write(PEPPER, HexFormat.of().formatHex(bytes) + "\n");
        }
        SecretKeySpec pepper = pepper(files, directory);
        String key = NewKey.make(random);
        byte[] hash = hmac(pepper, key);
        files.write(
                KEYS,
                HASHED + HexFormat.of().formatHex(hash) + " " + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                        + " first\n");
        return new KeyStore(pepper, List.of(hash), key);
    }

    private static KeyStore stored(PrivateFiles files, Path directory) throws IOException {
        List<byte[]> hashes = new ArrayList<>();
        for (String line : files.read(KEYS).lines().toList()) {
            if (line.isBlank()) {
                continue;
            }
            hashes.add(hash(line, directory));
        }
        return hashes.isEmpty() ? EMPTY : new KeyStore(pepper(files, directory), List.copyOf(hashes), null);
    }

    private static byte[] hash(String line, Path directory) throws IOException {
        String first = line.split(" ", 2)[0];
        try {
            if (first.startsWith(HASHED) && first.length() == HASHED.length() + 64) {
                return HexFormat.of().parseHex(first.substring(HASHED.length()));
            }
        } catch (IllegalArgumentException e) {
            throw damaged(directory.resolve(KEYS), e);
        }
        throw damaged(directory.resolve(KEYS), null);
    }

    private static SecretKeySpec pepper(PrivateFiles files, Path directory) throws IOException {
        if (!files.has(PEPPER)) {
            throw damaged(directory.resolve(PEPPER), null);
        }
        String text = files.read(PEPPER).strip();
        try {
            byte[] bytes = HexFormat.of().parseHex(text);
            if (bytes.length == 32) {
                return new SecretKeySpec(bytes, ALGORITHM);
            }
        } catch (IllegalArgumentException e) {
            throw damaged(directory.resolve(PEPPER), e);
        }
        throw damaged(directory.resolve(PEPPER), null);
    }

    private static IOException damaged(Path file, @Nullable Throwable cause) {
        return new IOException(
                "The file " + file + " is damaged or missing, so no stored key can be checked. Restore it, or delete "
                        + KEYS + " and " + PEPPER + " beside it: a new key is made at the next start.",
                cause);
    }

    boolean isEmpty() {
        return hashes.isEmpty();
    }

    /** The key this reading made; null = none was needed, or another gateway made it. */
    @Nullable
    String made() {
        return made;
    }

    /** Whether {@code key} is stored; takes the same time wherever it differs. Any thread. */
    boolean knows(String key) {
        if (pepper == null) {
            return false;
        }
        byte[] sent = hmac(pepper, key);
        boolean known = false;
        for (byte[] hash : hashes) {
            known |= MessageDigest.isEqual(sent, hash);
        }
        return known;
    }

    private static byte[] hmac(SecretKeySpec pepper, String key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(pepper);
            return mac.doFinal(key.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
        }
    }
}
