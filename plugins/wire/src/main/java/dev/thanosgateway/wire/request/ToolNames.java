package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of tools that a model does not take, since they are too long or have other characters than letters, digits,
 * dashes and underscores, and the names that are sent for them: their beginning and eight digits of their hash, so that a
 * name has the same short form in every turn and at every node.
 */
final class ToolNames {
    private static final int DIGITS = 8;
    private static final Pattern ODD = Pattern.compile("[^a-zA-Z0-9_-]");

    private final Map<String, String> shortened = new HashMap<>();
    private final Map<String, String> whole = new HashMap<>();

    /** @param most the longest name that is taken, characters; the highest integer = nothing is known of names */
    ToolNames(ChatContent content, long most) {
        if (most <= DIGITS + 1 || most >= Integer.MAX_VALUE) {
            return;
        }
        Set<String> all = new HashSet<>();
        content.tools().forEach(tool -> all.add(tool.name()));
        for (Message message : content.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    all.add(call.name());
                }
            }
        }
        for (String name : all) {
            if (name.length() > most || ODD.matcher(name).find()) {
                String begin = name.substring(0, Math.min(name.length(), (int) most - DIGITS - 1));
                String brief = ODD.matcher(begin).replaceAll("_") + '_' + ModelFit.digest(name, DIGITS);
                shortened.put(name, brief);
                whole.put(brief, name);
            }
        }
    }

    boolean isEmpty() {
        return shortened.isEmpty();
    }

    String shorten(String name) {
        return shortened.getOrDefault(name, name);
    }

    String whole(String name) {
        return whole.getOrDefault(name, name);
    }

    List<Tool> shorten(List<Tool> tools) {
        return isEmpty() ? tools : tools.stream().map(this::shorten).toList();
    }

    private Tool shorten(Tool tool) {
        String brief = shortened.get(tool.name());
        return brief == null
                ? tool
                : Tool.function(brief, tool.description(), tool.parameters())
                        .withStrict(tool.strict())
                        .withHints(tool.hints());
    }

    @Nullable
    ToolChoice shorten(@Nullable ToolChoice choice) {
        return choice instanceof ToolChoice.Named named ? new ToolChoice.Named(shorten(named.name())) : choice;
    }
}
