package dev.thanosgateway.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The calls a model makes to read and write files with whatever tools an agent offers; arguments follow their schemas. */
final class AgentTools {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> READERS = List.of("read_file", "read", "view", "read_files", "readfile");
    private static final List<String> WRITERS =
            List.of("apply_patch", "write_file", "write", "create", "write_to_file", "editor", "create_new_file");
    private static final List<String> SHELLS = List.of(
            "bash",
            "shell_command",
            "shell",
            "exec_command",
            "run_shell_command",
            "run_terminal_command",
            "execute_command",
            "run_commands");

    private final List<Turn.Tool> tools;
    private final Path folder;

    AgentTools(List<Turn.Tool> tools, Path folder) {
        this.tools = tools;
        this.folder = folder;
    }

    Turn.Call read(String file) {
        Turn.Tool tool = find(READERS);
        return tool == null ? shell("cat " + file) : call(tool, file, "");
    }

    Turn.Call write(String file, String text) {
        Turn.Tool tool = find(WRITERS);
        if (tool == null) {
            return shell("printf '%s\\n' '" + text + "' > " + file);
        }
        if (tool.name().equals("apply_patch")) {
            String patch = "*** Begin Patch\n*** Add File: " + file + "\n+" + text + "\n*** End Patch\n";
            return tool.free() ? new Turn.Call(tool.name(), patch, true) : patch(tool, patch);
        }
        return call(tool, file, text + "\n");
    }

    /** A free tool that a language without such tools offers as a function with one text. */
    private static Turn.Call patch(Turn.Tool tool, String patch) {
        String member =
                tool.schema().path("properties").propertyNames().iterator().next();
        return new Turn.Call(
                tool.name(), JSON.createObjectNode().put(member, patch).toString(), false);
    }

    private Turn.Call shell(String command) {
        Turn.Tool tool = find(SHELLS);
        if (tool == null) {
            throw new IllegalStateException(
                    "no tool known among " + tools.stream().map(Turn.Tool::name).collect(Collectors.joining(", ")));
        }
        return call(tool, "", command);
    }

    private Turn.@Nullable Tool find(List<String> names) {
        for (String name : names) {
            for (Turn.Tool tool : tools) {
                if (tool.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return tool;
                }
            }
        }
        return null;
    }

    private Turn.Call call(Turn.Tool tool, String file, String text) {
        ObjectNode arguments = JSON.createObjectNode();
        JsonNode required = tool.schema().path("required");
        tool.schema().path("properties").propertyStream().forEach(one -> {
            JsonNode value = value(one.getKey(), one.getValue(), file, text);
            boolean needed =
                    required.valueStream().anyMatch(name -> name.asString("").equals(one.getKey()));
            if (value != null) {
                arguments.set(one.getKey(), value);
            } else if (needed) {
                arguments.set(one.getKey(), filler(one.getValue()));
            }
        });
        return new Turn.Call(tool.name(), arguments.toString(), false);
    }

    private @Nullable JsonNode value(String name, JsonNode schema, String file, String text) {
        String path = folder.resolve(file).toString();
        return switch (name) {
            case "file_path", "path", "filePath", "filepath", "absolute_path" ->
                JSON.getNodeFactory().stringNode(path);
            case "content", "file_text", "contents", "new_text" ->
                JSON.getNodeFactory().stringNode(text);
            case "command", "cmd" ->
                schema.path("type").asString("string").equals("array")
                        ? JSON.createArrayNode().add("bash").add("-lc").add(text)
                        : JSON.getNodeFactory().stringNode(text);
            case "commands" -> JSON.createArrayNode().add(text);
            case "files" -> files(schema, path);
            default -> null;
        };
    }

    private static ArrayNode files(JsonNode schema, String path) {
        ArrayNode files = JSON.createArrayNode();
        JsonNode item = schema.path("items").path("properties");
        if (item.isEmpty()) {
            return files.add(path);
        }
        files.addObject().put(item.propertyNames().iterator().next(), path);
        return files;
    }

    private static JsonNode filler(JsonNode schema) {
        if (schema.path("enum").size() > 0) {
            return schema.path("enum").get(0);
        }
        return switch (schema.path("type").asString("string")) {
            case "boolean" -> JSON.getNodeFactory().booleanNode(false);
            case "integer", "number" -> JSON.getNodeFactory().numberNode(1);
            case "array" -> JSON.createArrayNode();
            case "object" -> JSON.createObjectNode();
            default -> JSON.getNodeFactory().stringNode("Part of the task");
        };
    }
}
