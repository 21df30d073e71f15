package dev.thanosgateway.host.admission;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, as far as limits tell callers apart: by a key that has been checked, else by the address of the connection.
 * Costs nothing until somebody wants to know.
 */
public final class Caller {
    /** What one household or one machine gets: counting single addresses would let it have 2^64 of them. */
    private static final int V6_NETWORK_BYTES = 8;

    private final @Nullable String key;
    private final @Nullable SocketAddress remote;
    /** Made once, whoever asks: limits and records do. */
    private volatile @Nullable String id;

    private Caller(@Nullable String key, @Nullable SocketAddress remote) {
        this.key = key;
        this.remote = remote;
    }

    /**
     * @param key that has been checked; null = none is asked for, and one that was sent all the same says nothing
     * @param remote the connection's other end, whatever headers say; anything but an IP address is this machine
     */
    public static Caller of(@Nullable String key, @Nullable SocketAddress remote) {
        return new Caller(key, remote);
    }

    /** The same for the same caller; of a key its hash, never the key. */
    public String id() {
        String known = id;
        if (known == null) {
            known = made();
            id = known;
        }
        return known;
    }

    private String made() {
        if (key != null) {
            return "key " + HexFormat.of().formatHex(sha256(key));
        }
        InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (address == null) {
            return "local";
        }
        if (address instanceof Inet6Address && !address.isLoopbackAddress()) {
            return "net " + HexFormat.of().formatHex(address.getAddress(), 0, V6_NETWORK_BYTES);
        }
        return "address " + address.getHostAddress();
    }

    /** What tells its key from others, never the key; null = it has none. */
    public @Nullable String keyId() {
        return key == null ? null : id();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
