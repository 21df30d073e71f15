package dev.thanosgateway.e2e;

import org.jspecify.annotations.Nullable;

/** A client library for the JVM, unmodified, pointed at the gateway. Every method asks once, streamed or whole. */
interface SdkClient {
    String CITY = "city";
    String WEATHER = "weather";

    /** @param input tokens, those read from a cache included */
    record Said(String text, String finish, long input, long output) {}

    /** @param arguments JSON, as the model gave them; @param answer what it said to the result */
    record Called(String arguments, String answer) {}

    String name();

    /** The library's word for an answer that ended by itself. */
    String stop();

    Said text(String model, String said, boolean stream) throws Exception;

    Called tool(String model, String said, String result, boolean stream) throws Exception;

    /** @param picture a PNG in base64 */
    String picture(String model, String said, String picture, boolean stream) throws Exception;

    /** @return JSON, by a schema whose only property is a city */
    String shaped(String model, String said, boolean stream) throws Exception;

    /** Asks for a stream and goes when its first piece has come. */
    void leave(String model, String said) throws Exception;

    /** The header of an answer that failed; null where the library does not show headers. */
    @Nullable
    String retryAfter(Throwable failure);
}
