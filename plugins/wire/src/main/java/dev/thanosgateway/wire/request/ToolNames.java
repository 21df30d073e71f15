package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.chat.Trait;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names of tools that a model does not take, and those that stand for them: their beginning, with {@code _} for each
 * character that is refused, and eight digits of their hash. A name has the same other form in every turn and at every
 * node; a name that is taken stays as it is.
 */
final class ToolNames {
    private static final int DIGITS = 8;
    private static final char INSTEAD = '_';
    /** Stands before what must not begin a name. */
    private static final String FIRST = "f_";

    private final long most;
    private final String chars;
    private final Map<String, String> fitting = new HashMap<>();
    private final Map<String, String> asked = new HashMap<>();

    ToolNames(ChatContent content, ModelTraits traits) {
        this(of(content), traits);
    }

    /** @param all the names of a conversation, each once or more often */
    ToolNames(Collection<String> all, ModelTraits traits) {
        this.most = traits.number(Trait.TOOL_NAME_MAX, Integer.MAX_VALUE);
        String known = traits.word(Trait.TOOL_NAME_CHARS);
        this.chars = known == null ? "any" : known;
        for (String name : all) {
            String other = other(name);
            if (!other.equals(name)) {
                fitting.put(name, other);
                asked.put(other, name);
            }
        }
    }

    private static Set<String> of(ChatContent content) {
        Set<String> all = new HashSet<>();
        content.tools().forEach(tool -> all.add(tool.name()));
        for (Message message : content.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    all.add(call.name());
                }
            }
        }
        return all;
    }

    /** What stands for a name; the name itself if it is taken. */
    private String other(String name) {
        String legal = legal(name);
        if (legal.equals(name) && name.length() <= most) {
            return name;
        }
        int kept = (int) Math.min(legal.length(), most - DIGITS - 1);
        return legal.substring(0, kept) + INSTEAD + ModelFit.digest(name, DIGITS);
    }

    private String legal(String name) {
        if (chars.equals("any") || name.isEmpty()) {
            return name;
        }
        StringBuilder all = new StringBuilder();
        name.codePoints().forEach(c -> all.append(isTaken(c) ? (char) c : INSTEAD));
        return begins(all.charAt(0)) ? all.toString() : FIRST + all.toString();
    }

    private boolean begins(char first) {
        return chars.equals("word") || isLetter(first) || (chars.equals("dotted") && first == '_');
    }

    private boolean isTaken(int c) {
        boolean word = isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
        return word || (chars.equals("dotted") && (c == '.' || c == ':'));
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    boolean isEmpty() {
        return fitting.isEmpty();
    }

    /** The name for the model. */
    String fit(String name) {
        return fitting.getOrDefault(name, name);
    }

    /** The name as the caller gave it. */
    String asked(String name) {
        return asked.getOrDefault(name, name);
    }

    List<Tool> fit(List<Tool> tools) {
        return isEmpty() ? tools : tools.stream().map(this::fit).toList();
    }

    private Tool fit(Tool tool) {
        String other = fitting.get(tool.name());
        return other == null ? tool : tool.withName(other);
    }

    @Nullable
    ToolChoice fit(@Nullable ToolChoice choice) {
        return choice instanceof ToolChoice.Named named ? new ToolChoice.Named(fit(named.name())) : choice;
    }
}
