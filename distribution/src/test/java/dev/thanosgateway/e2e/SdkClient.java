package dev.thanosgateway.e2e;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client library for the JVM, unmodified, pointed at the gateway. Every method asks once, streamed or whole. */
interface SdkClient {
    String CITY = "city";

    /** @param input tokens, those read from a cache included */
    record Said(String text, String finish, long input, long output) {}

    /** @param arguments JSON, as the model gave them */
    record Call(String tool, String arguments) {}

    /** @param answer what the model said to the results */
    record Called(List<Call> calls, String answer) {}

    String name();

    /** The library's word for an answer that ended by itself. */
    String stop();

    Said text(String model, String said, boolean stream) throws Exception;

    /**
     * Offers tools that take a city, and answers the calls, the last one first.
     *
     * @param result of a call
     */
    Called tools(String model, String said, List<String> tools, Function<Call, String> result, boolean stream)
            throws Exception;

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
