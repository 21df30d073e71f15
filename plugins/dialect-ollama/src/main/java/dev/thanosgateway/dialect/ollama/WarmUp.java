package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request with nothing to be answered: it has a server load a model, or with no time to keep it let it go. The
 * official command line sends one before it asks, editors do when they start.
 *
 * @param word what the answer gives as {@code done_reason}
 */
record WarmUp(String word) {
    /** A duration as Go writes it, of nothing. */
    private static final Pattern NO_TIME = Pattern.compile("0+(?:\\.0*)?(?:ns|us|µs|ms|s|m|h)?");

    /** @return null = something is to be answered */
    static @Nullable WarmUp of(Operation operation, Map<String, Value> members) throws JsonException {
        if (!operation.isChat() || says(members.get(operation.input())) || says(members.get("images"))) {
            return null;
        }
        Value keep = members.get("keep_alive");
        boolean gone = keep != null
                && NO_TIME.matcher(keep.isString() ? keep.text() : keep.json().text())
                        .matches();
        return new WarmUp(gone ? "unload" : "load");
    }

    /** What has a form it must not have is for whoever reads the content to refuse. */
    private static boolean says(@Nullable Value value) throws JsonException {
        if (value == null) {
            return false;
        }
        return value.isArray()
                ? !value.elements().isEmpty()
                : !value.isString() || !value.text().isEmpty();
    }
}
