package dev.thanosgateway.host.access;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.config.CallerKey;
import dev.thanosgateway.host.config.Secret;
import dev.thanosgateway.host.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Access by keys, from the configuration and from the state directory, and by the source of a request. Made once for
 * each generation of settings; but for the new key, immutable.
 */
public final class GuardedAccess implements Access {
    private final boolean keyRequired;
    private final List<byte[]> configured;
    private final KeyStore stored;
    private final SourceCheck source;
    private final AtomicReference<@Nullable String> newKey;

    private GuardedAccess(boolean keyRequired, List<byte[]> configured, KeyStore stored, SourceCheck source) {
        this.keyRequired = keyRequired;
        this.configured = List.copyOf(configured);
        this.stored = stored;
        this.source = source;
        this.newKey = new AtomicReference<>(stored.made());
    }

    /**
     * Reads the stored keys, and makes the first one where a key is required and there is none. Blocking; any number
     * of gateways may do so at once.
     *
     * @param stateDirectory made if something must be stored
     * @throws IOException when keys cannot be read or stored; the message says what to do
     */
    public static GuardedAccess of(Settings settings, Path stateDirectory) throws IOException {
        Settings.Server server = settings.server();
        Boolean enabled = settings.access().enabled();
        boolean reachable = !(server.http().loopback() && server.grpc().loopback());
        boolean required =
                enabled == null ? reachable || !settings.access().keys().isEmpty() : enabled;
        List<byte[]> configured = new ArrayList<>();
        for (Secret key : settings.access().keys()) {
            configured.add(CallerKey.digest(key).orElseGet(() -> sha256(key.reveal())));
        }
        return new GuardedAccess(
                required,
                configured,
                required ? stored(stateDirectory, configured.isEmpty()) : KeyStore.EMPTY,
                new SourceCheck(server, required));
    }

    private static KeyStore stored(Path directory, boolean needed) throws IOException {
        try {
            return needed ? KeyStore.readOrMake(directory) : KeyStore.read(directory);
        } catch (IOException e) {
            throw new IOException(
                    "The keys of callers cannot be kept in " + directory + ": " + e.getMessage()
                            + " Make the directory writable, or give auth.api_keys in the configuration.",
                    e);
        }
    }

    /**
     * Reads what is stored without making anything. Blocking.
     *
     * @throws IOException when it is damaged; the message says what to do
     */
    public static void checkStored(Path stateDirectory) throws IOException {
        KeyStore.read(stateDirectory);
    }

    /** The key that was made just now, for the one line that tells it to the owner; empty ever after. */
    public Optional<String> takeNewKey() {
        return Optional.ofNullable(newKey.getAndSet(null));
    }

    @Override
    public boolean keyRequired() {
        return keyRequired;
    }

    @Override
    public void checkKey(@Nullable String credential) throws GatewayException {
        if (!keyRequired) {
            return;
        }
        if (credential == null || credential.isEmpty()) {
            throw refused("This gateway needs a key. Send it as 'Authorization: Bearer <key>' or 'x-api-key'; keys are"
                    + " those of auth.api_keys, or the one it printed at its first start.");
        }
        if (!known(credential)) {
            throw refused(
                    NewKey.damaged(credential)
                            ? "The key is incomplete or mistyped. Copy it again, whole."
                            : "The key is not known to this gateway. Send one of auth.api_keys, or the one it printed"
                                    + " at its first start; a vendor's key belongs into the gateway's configuration.");
        }
    }

    private boolean known(String credential) {
        byte[] sent = sha256(credential);
        boolean known = stored.knows(credential);
        for (byte[] key : configured) {
            known |= MessageDigest.isEqual(sent, key);
        }
        return known;
    }

    @Override
    public void checkSource(@Nullable String host, @Nullable String origin, @Nullable String fetchSite)
            throws GatewayException {
        source.check(host, origin, fetchSite);
    }

    @Override
    public @Nullable String allowedOrigin(@Nullable String origin) {
        return origin != null && source.allows(origin) ? origin : null;
    }

    private static GatewayException refused(String message) {
        return new GatewayException(ErrorKind.UNAUTHENTICATED, message);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
