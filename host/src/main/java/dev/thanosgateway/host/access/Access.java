package dev.thanosgateway.host.access;

import dev.thanosgateway.api.GatewayException;
import org.jspecify.annotations.Nullable;

/** Decides who may call. Called from many threads at once, never blocks. */
public interface Access {
    /** Whether calls need a key. */
    boolean keyRequired();

    /**
     * @param credential what the caller sent as its key; null = nothing
     * @throws GatewayException UNAUTHENTICATED that says where to get a key; never when no key is required
     */
    void checkKey(@Nullable String credential) throws GatewayException;

    /**
     * Whether a request may come from where it says: against web pages that call an open gateway through a browser.
     *
     * @param host the {@code Host} header or {@code :authority}; null = absent
     * @param origin the {@code Origin} header; null = absent, as with every client that is no browser
     * @param fetchSite the {@code Sec-Fetch-Site} header; null = absent
     * @throws GatewayException FORBIDDEN that names the setting to change
     */
    void checkSource(@Nullable String host, @Nullable String origin, @Nullable String fetchSite)
            throws GatewayException;

    /**
     * What a browser is told when a page of this origin asks: the value of {@code Access-Control-Allow-Origin}.
     *
     * @param origin the {@code Origin} header; null = absent
     * @return null = no CORS header at all, as always unless origins are configured
     */
    default @Nullable String allowedOrigin(@Nullable String origin) {
        return null;
    }
}
