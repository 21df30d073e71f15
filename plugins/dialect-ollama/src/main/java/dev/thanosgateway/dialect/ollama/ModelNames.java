package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.util.List;
import java.util.Set;

/** Names of models as this language's clients write them: where they name no tag, {@code :latest} is meant. */
final class ModelNames {
    private static final String LATEST = ":latest";
    private static final int LONGEST = 256;

    private ModelNames() {}

    /** The id without its default tag, which a server answers to as well; empty = it has another tag. */
    static Set<String> untagged(String id) {
        return id.endsWith(LATEST) && id.length() > LATEST.length()
                ? Set.of(id.substring(0, id.length() - LATEST.length()))
                : Set.of();
    }

    /** What else may be meant by a name: the one without its default tag, or with it. */
    static List<String> spellings(String name) {
        if (name.endsWith(LATEST) && name.length() > LATEST.length()) {
            return List.of(name.substring(0, name.length() - LATEST.length()));
        }
        boolean tagged = name.indexOf(':', name.lastIndexOf('/') + 1) >= 0;
        return tagged || name.isEmpty() ? List.of() : List.of(name + LATEST);
    }

    /**
     * The name itself.
     *
     * @throws GatewayException INVALID_REQUEST when it cannot be one
     */
    static String checked(String field, String name) throws GatewayException {
        boolean good = !name.isEmpty() && name.length() <= LONGEST;
        for (int i = 0; good && i < name.length(); i++) {
            char c = name.charAt(i);
            good = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "._:/@+-".indexOf(c) >= 0;
        }
        if (!good) {
            throw new GatewayException(
                            ErrorKind.INVALID_REQUEST,
                            "\"" + field + "\" must be the name of a model: 1 to " + LONGEST
                                    + " letters, digits and any of . _ : / @ + -; GET /api/tags lists them.")
                    .withParameter(field);
        }
        return name;
    }
}
