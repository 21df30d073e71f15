package dev.thanosgateway.provider.echo;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one answer will say. In this order:
 *
 * <ol>
 *   <li>the last message is a tool's result: its text;
 *   <li>a tool must be called, or the last user message names one: calls to the tools it names, in the order they
 *       were declared (only the first where parallel calls are off), with arguments made from their schemas; when it
 *       must and names none, a call to the first;
 *   <li>JSON is asked for: a value made from the schema, or {@code {"text": …}};
 *   <li>else the text of the last user message, or of the last message where no user spoke.
 * </ol>
 *
 * <p>Images, documents and audio are not looked at.
 *
 * @param turn messages before this one
 * @param calls empty = the answer is {@code text}
 * @param text ends before the first stop sequence
 * @param stopSequence the one that ended it
 */
record Reply(
        int turn, List<Call> calls, String text, @Nullable String stopSequence) {
    /** @param arguments a JSON object */
    record Call(String name, String arguments) {}

    private static final Json NO_PARAMETERS = new Json("{\"type\":\"object\"}");

    /** @throws GatewayException INVALID_REQUEST for a tool choice or a schema that cannot be, or TOO_LARGE */
    static Reply to(ChatContent content) throws GatewayException {
        Message last = lastMessage(content.messages());
        String said = last == null ? "" : text(last);
        if (last == null || last.role() != Role.TOOL) {
            List<Call> calls = calls(content, said);
            if (!calls.isEmpty()) {
                return new Reply(content.messages().size(), calls, "", null);
            }
        }
        return upToStop(content, formed(content.responseFormat(), said));
    }

    /** The id of a call: the same for the same request, another one in each turn of a conversation. */
    String callId(int choice, int call) {
        return "call_" + turn + "_" + choice + "_" + call;
    }

    /** Words of all messages, a tool call's name and arguments included. */
    static long inputTokens(ChatContent content) {
        long tokens = 0;
        for (Message message : content.messages()) {
            tokens += Words.count(text(message));
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    tokens += Words.count(call.name()) + Words.count(call.arguments());
                }
            }
        }
        return tokens;
    }

    private static @Nullable Message lastMessage(List<Message> messages) {
        if (messages.isEmpty()) {
            return null;
        }
        Message last = messages.get(messages.size() - 1);
        if (last.role() == Role.TOOL) {
            return last;
        }
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).role() == Role.USER) {
                return messages.get(i);
            }
        }
        return last;
    }

    private static String text(Message message) {
        StringBuilder all = new StringBuilder(message.text());
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                all.append(Message.of(Role.TOOL, result.content()).text());
            }
        }
        return all.toString();
    }

    private static List<Call> calls(ChatContent content, String said) throws GatewayException {
        ToolChoice choice = content.toolChoice();
        if (choice instanceof ToolChoice.None) {
            return List.of();
        }
        List<Tool> wanted = new ArrayList<>();
        if (choice instanceof ToolChoice.Named named) {
            for (Tool tool : content.tools()) {
                if (tool.name().equals(named.name())) {
                    wanted.add(tool);
                }
            }
        } else {
            for (Tool tool : content.tools()) {
                if (names(said, tool.name())) {
                    wanted.add(tool);
                }
            }
            if (wanted.isEmpty()
                    && choice instanceof ToolChoice.Required
                    && !content.tools().isEmpty()) {
                wanted.add(content.tools().get(0));
            }
        }
        if (wanted.isEmpty() && (choice instanceof ToolChoice.Named || choice instanceof ToolChoice.Required)) {
            throw new GatewayException(
                            ErrorKind.INVALID_REQUEST,
                            "The tool choice asks for a tool that the request does not declare; add it to the tools.")
                    .withParameter("tool_choice");
        }
        boolean one = Boolean.FALSE.equals(content.parallelToolCalls()) || choice instanceof ToolChoice.Named;
        List<Call> calls = new ArrayList<>();
        for (Tool tool : one && wanted.size() > 1 ? wanted.subList(0, 1) : wanted) {
            Json parameters = tool.parameters();
            calls.add(new Call(tool.name(), arguments(parameters == null ? NO_PARAMETERS : parameters, said)));
        }
        return calls;
    }

    /** Arguments are an object whatever the schema says: an empty one where it asks for none. */
    private static String arguments(Json parameters, String said) throws GatewayException {
        String sample = SchemaSample.of(parameters, said);
        return sample.startsWith("{") ? sample : "{}";
    }

    /** Whether {@code text} has {@code name} as a word of its own. */
    private static boolean names(String text, String name) {
        if (name.isEmpty()) {
            return false;
        }
        for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
            int end = at + name.length();
            boolean begins = at == 0 || !inName(text.charAt(at - 1));
            if (begins && (end == text.length() || !inName(text.charAt(end)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean inName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    private static String formed(@Nullable ResponseFormat format, String said) throws GatewayException {
        if (format instanceof ResponseFormat.JsonSchema asked) {
            return SchemaSample.of(asked.schema(), said);
        }
        return format instanceof ResponseFormat.JsonObject ? JsonTree.write(Map.of("text", said)) : said;
    }

    private static Reply upToStop(ChatContent content, String text) {
        int end = text.length();
        String met = null;
        for (String stop : content.stop()) {
            int at = stop.isEmpty() ? -1 : text.indexOf(stop);
            if (at >= 0 && at < end) {
                end = at;
                met = stop;
            }
        }
        return new Reply(content.messages().size(), List.of(), text.substring(0, end), met);
    }

    /** Names what is called, never what was said. */
    @Override
    public String toString() {
        return "Reply[" + calls.stream().map(Call::name).collect(Collectors.joining(", ")) + "]";
    }
}
