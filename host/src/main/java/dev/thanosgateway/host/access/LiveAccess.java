package dev.thanosgateway.host.access;

import dev.thanosgateway.api.GatewayException;
import org.jspecify.annotations.Nullable;

/** Access by the settings in force at this moment. */
public final class LiveAccess implements Access {
    private volatile Access inForce;

    public LiveAccess(Access first) {
        inForce = first;
    }

    /** From now on {@code next} decides. */
    public void change(Access next) {
        inForce = next;
    }

    @Override
    public boolean keyRequired() {
        return inForce.keyRequired();
    }

    @Override
    public void checkKey(@Nullable String credential) throws GatewayException {
        inForce.checkKey(credential);
    }

    @Override
    public void checkSource(@Nullable String host, @Nullable String origin, @Nullable String fetchSite)
            throws GatewayException {
        inForce.checkSource(host, origin, fetchSite);
    }

    @Override
    public @Nullable String allowedOrigin(@Nullable String origin) {
        return inForce.allowedOrigin(origin);
    }
}
