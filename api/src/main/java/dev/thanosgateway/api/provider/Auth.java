package dev.thanosgateway.api.provider;

import org.jspecify.annotations.Nullable;

/** How a call carries its credential. A name, never the credential: the transport fills it in when it sends. */
public final class Auth {
    /** The places a credential can be carried in. */
    public enum Place {
        /** Nowhere. */
        NONE,
        /** {@code Authorization: Bearer <credential>}. */
        BEARER,
        /** A header with nothing but the credential. */
        HEADER,
        /** A query parameter; redacted wherever a URL is shown. */
        QUERY
    }

    public static final Auth NONE = new Auth(Place.NONE, null);
    public static final Auth BEARER = new Auth(Place.BEARER, null);

    private final Place place;
    private final @Nullable String name;

    private Auth(Place place, @Nullable String name) {
        this.place = place;
        this.name = name;
    }

    /** @param name of the header, such as {@code x-api-key} */
    public static Auth header(String name) {
        return new Auth(Place.HEADER, name);
    }

    /** @param name of the query parameter */
    public static Auth query(String name) {
        return new Auth(Place.QUERY, name);
    }

    public Place place() {
        return place;
    }

    /** The header's or the parameter's name; null for the other places. */
    public @Nullable String name() {
        return name;
    }
}
