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
import org.jspecify.annotations.Nullable;

/**
 * Names of tools that are longer than a model takes, and shorter ones for them: their beginning and eight digits of their
 * hash, so that a name has the same short form in every turn and at every node.
 */
final class ToolNames {
    private static final int DIGITS = 8;

    private final Map<String, String> shortened = new HashMap<>();
    private final Map<String, String> whole = new HashMap<>();

    /** @param most the longest name that is taken, characters */
    ToolNames(ChatContent content, long most) {
        if (most <= DIGITS + 1) {
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
            if (name.length() > most) {
                String brief = name.substring(0, (int) most - DIGITS - 1) + '_' + ModelFit.digest(name, DIGITS);
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
