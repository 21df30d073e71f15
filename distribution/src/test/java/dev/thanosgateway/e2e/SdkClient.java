package dev.thanosgateway.e2e;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client library for the JVM, unmodified, pointed at the gateway. Every method asks once, streamed or whole. */
interface SdkClient {
    String CITY = "city";

    /** What is played with each library in front of each provider. */
    enum Case {
        TEXT("text, why it ends, what it took"),
        TOOL("a tool, and what it said"),
        TOOLS("two tools at once, and what each said"),
        PICTURE("a picture"),
        SHAPE("an answer in a given shape"),
        FAILS("models that fail"),
        CUT("an answer that is cut"),
        LEAVES("the caller leaves"),
        KEY("a key that nobody made");

        private final String title;

        Case(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** @param input tokens, those read from a cache included */
    record Said(String text, @Nullable String finish, long input, long output) {}

    /** @param arguments JSON, as the model gave them */
    record Call(String tool, String arguments) {}

    /** @param answer what the model said to the results */
    record Called(List<Call> calls, String answer) {}

    /** @param shows a regular expression for the message with which the case fails */
    record Fault(String why, String shows) {}

    /** The name of the artifact. */
    String name();

    /** The library's word for an answer that ended by itself; null = it has none. */
    @Nullable
    String stop();

    /** Why the library does not have the case; null = it has. */
    default @Nullable String lacks(Case of, boolean stream) {
        return null;
    }

    /** What the library gets wrong by itself, with the vendor's own API too; null = nothing. */
    default @Nullable Fault fault(Case of, boolean stream, String provider) {
        return null;
    }

    Said text(String model, String said, boolean stream) throws Exception;

    /**
     * Offers tools that take a city, and answers the calls, the last one first where the library tells results apart.
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

    /** What the library calls a failure; null = it has one name for all. */
    default @Nullable String kind(Throwable failure) {
        return failure.getClass().getSimpleName();
    }

    /** The header of an answer that failed; null where the library does not show headers. */
    default @Nullable String retryAfter(Throwable failure) {
        return null;
    }
}
