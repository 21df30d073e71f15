package dev.thanosgateway.api;

/**
 * One JSON value as text. The api carries JSON it does not look into (a tool's schema, an unknown field) as the
 * text it came in, so that no JSON library is part of the contract.
 *
 * @param text one valid JSON value; whoever makes one from foreign bytes has parsed it before
 */
public record Json(String text) {
    public static final Json NULL = new Json("null");

    @Override
    public String toString() {
        return text;
    }
}
