package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.provider.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one request needs of a model, as far as models are known to differ. Read from the content only when a model is
 * known to lack something. For one request, used by one thread at a time.
 */
final class Needs {
    static final String VISION = "vision";
    static final String FUNCTIONS = "functions";
    private static final int CHARACTERS_PER_TOKEN = 4;

    private record Read(boolean vision, boolean functions, long tokens) {
        static final Read NOTHING = new Read(false, false, 0);
    }

    private final ChatRequest request;
    private @Nullable Read read;

    Needs(ChatRequest request) {
        this.request = request;
    }

    /** Why a model cannot serve the request, one clause; null = nothing is known against it. */
    @Nullable
    String lackedBy(Model model) {
        if (lacks(model, VISION) && read().vision()) {
            return "its model '" + model.id() + "' takes no images";
        }
        if (lacks(model, FUNCTIONS) && read().functions()) {
            return "its model '" + model.id() + "' calls no tools";
        }
        int context = model.contextLength();
        if (context > 0 && mayExceed(context) && surelyExceeds(read().tokens(), context)) {
            return "the request has about " + read().tokens() + " tokens, and its model '" + model.id() + "' takes "
                    + context;
        }
        return null;
    }

    private static boolean lacks(Model model, String ability) {
        Set<String> lacking = model.lacking();
        return lacking.contains(ability) && !model.capabilities().contains(ability);
    }

    /** Whether it is worth reading: what is said in few bytes has few tokens. */
    private boolean mayExceed(int context) {
        Original original = request.original();
        return read != null
                || original == null
                || surelyExceeds(original.bytes().remaining() / CHARACTERS_PER_TOKEN, context);
    }

    /** An estimate may be a quarter too high, such as of long words. */
    private static boolean surelyExceeds(long tokens, int context) {
        return tokens * 4 > context * 5L;
    }

    /** What was found, in words; empty = nothing, or nobody looked. */
    List<String> found() {
        Read known = read;
        if (known == null) {
            return List.of();
        }
        List<String> found = new ArrayList<>(3);
        if (known.vision()) {
            found.add(VISION);
        }
        if (known.functions()) {
            found.add(FUNCTIONS);
        }
        found.add("about " + known.tokens() + " tokens");
        return found;
    }

    private Read read() {
        Read known = read;
        if (known == null) {
            try {
                known = of(request.content());
            } catch (GatewayException | RuntimeException e) {
                // Whoever is asked with it tells the caller what is wrong.
                known = Read.NOTHING;
            }
            read = known;
        }
        return known;
    }

    private static Read of(ChatContent content) {
        return new Read(content.hasImages(), content.mayCallTools(), content.characters() / CHARACTERS_PER_TOKEN);
    }
}
