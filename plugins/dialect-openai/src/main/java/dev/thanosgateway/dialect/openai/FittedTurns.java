package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.MemberRemoval;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes the messages of a relayed request where {@link ModelFit} changed them, and puts in those that it added. */
final class FittedTurns {
    private static final String UNSIGNED =
            ",\"extra_content\":{\"google\":{\"thought_signature\":\"" + ThoughtSignature.NONE + "\"}}";

    private final JsonReader json;
    private final Edits edits;
    private final ModelFit fit;
    private final ModelTraits traits;
    /** Whether the message being read gets {@link ModelFit#formWords}. */
    private boolean instruction;

    /** @param json that stands before the array of messages */
    FittedTurns(JsonReader json, Edits edits, ModelFit fit, ModelTraits traits) {
        this.json = json;
        this.edits = edits;
        this.fit = fit;
        this.traits = traits;
    }

    void read(List<Message> before, RequestFacts facts) throws JsonException {
        Iterator<Message> fitted = fit.content().messages().iterator();
        // Instructions beside the messages are the first message of the content.
        int beside = before.size() - facts.messages();
        Iterator<Message> asked = before.iterator();
        for (int i = 0; i < beside; i++) {
            asked.next();
            fitted.next();
        }
        json.enterArray();
        int told = told(before) - beside;
        if (told == 0 && beside > 0) {
            insert(json.position(), written(Message.text(Role.SYSTEM, String.valueOf(fit.formWords()))) + ",");
        }
        int end = json.position();
        while (json.nextElement()) {
            json.peek();
            int at = json.position();
            Message now = fitted.next();
            while (fit.isAdded(now)) {
                insert(at, written(now) + ",");
                now = fitted.next();
            }
            instruction = --told == 0;
            message(asked.next(), now);
            end = json.position();
        }
        while (fitted.hasNext() && !facts.continued()) {
            insert(end, "," + written(fitted.next()));
        }
    }

    /** How many messages there are as far as the one that {@link ModelFit#formWords} were put into; negative = none. */
    private int told(List<Message> before) {
        int instructions = 0;
        while (instructions < before.size()
                && (before.get(instructions).role() == Role.SYSTEM
                        || before.get(instructions).role() == Role.DEVELOPER)) {
            instructions++;
        }
        return fit.formWords() == null || instructions == 0 ? Integer.MIN_VALUE / 2 : instructions;
    }

    /** Puts the words about the answer's form behind a text, or behind the last part of several. */
    private void tell(String words) throws JsonException {
        boolean text = json.peek() == '"';
        boolean empty = true;
        if (text) {
            json.skip();
        } else {
            json.enterArray();
            while (json.nextElement()) {
                empty = false;
                json.skip();
            }
        }
        int end = json.position() - 1;
        if (text) {
            String quoted = quoted("\n\n" + words);
            insert(end, quoted.substring(1, quoted.length() - 1));
        } else {
            insert(end, (empty ? "" : ",") + "{\"type\":\"text\",\"text\":" + quoted(words) + "}");
        }
    }

    private static String quoted(String text) {
        return new String(FittedRelay.quoted(text), StandardCharsets.UTF_8);
    }

    private String written(Message message) {
        return MessageWriter.added(message, traits);
    }

    private void insert(int at, String text) {
        edits.replace(at, at, text);
    }

    private void message(Message before, Message after) throws JsonException {
        json.enterObject();
        MemberRemoval removal = new MemberRemoval(json, edits);
        while (json.nextMember()) {
            removal.begin();
            String name = json.name();
            if (json.peek() == 'n') {
                json.skip();
            } else if (RequestFacts.THOUGHTS.contains(name)) {
                if (isForeign(name)) {
                    removal.remove();
                    continue;
                }
            } else {
                member(name, before, after);
            }
            removal.keep();
        }
        removal.end();
    }

    /** Reads over a member, and finds out whether it holds thoughts that are not for this endpoint. */
    private boolean isForeign(String name) throws JsonException {
        int from = json.position();
        json.skip();
        return RequestFacts.THOUGHTS.contains(name)
                && RequestFacts.isForeign(name, json.latin(from, json.position()), traits);
    }

    private void member(String name, Message before, Message after) throws JsonException {
        switch (name) {
            case "role" -> {
                boolean other = before.role() == Role.DEVELOPER && after.role() == Role.SYSTEM;
                replace("developer", other ? "system" : "developer");
            }
            case "content" -> content(result(before), result(after), before, after);
            case "tool_call_id" -> {
                Part.ToolResult was = result(before);
                Part.ToolResult is = result(after);
                replace(was == null ? "" : was.callId(), is == null ? "" : is.callId());
            }
            case "tool_calls" -> calls(before, after);
            case "function_call" -> FittedRelay.names(json, fit, edits);
            case "name" -> {
                if (before.role() == Role.TOOL) {
                    FittedRelay.name(json, fit, edits);
                } else {
                    json.skip();
                }
            }
            default -> json.skip();
        }
    }

    /** Reads over a string, which is replaced if it has become another one. */
    private void replace(String was, String is) throws JsonException {
        int from = json.position();
        json.skip();
        if (!was.equals(is)) {
            edits.replace(from, json.position(), FittedRelay.quoted(is));
        }
    }

    private static Part.@Nullable ToolResult result(Message message) {
        return !message.parts().isEmpty() && message.parts().get(0) instanceof Part.ToolResult result ? result : null;
    }

    private void content(Part.@Nullable ToolResult was, Part.@Nullable ToolResult is, Message before, Message after)
            throws JsonException {
        String words = instruction ? fit.formWords() : null;
        if (words != null && (json.peek() == '"' || json.peek() == '[')) {
            tell(words);
            return;
        }
        int from = json.position();
        if (json.peek() != '[') {
            json.skip();
            return;
        }
        List<Part> old = was == null ? before.parts() : was.content();
        List<Part> now = is == null ? after.parts() : is.content();
        if (before.role() == Role.ASSISTANT) {
            old = said(old);
            now = said(now);
        }
        if ((was != null || before.role() == Role.ASSISTANT) && !sameKinds(old, now)) {
            json.skip();
            edits.replace(from, json.position(), MessageWriter.content(now, traits));
            return;
        }
        Iterator<Part> asked = old.stream().filter(Part.Image.class::isInstance).iterator();
        Iterator<Part> fitted =
                now.stream().filter(Part.Image.class::isInstance).iterator();
        json.enterArray();
        while (json.nextElement()) {
            part(asked, fitted);
        }
    }

    /** What stands in the content of an assistant's message. */
    private static List<Part> said(List<Part> parts) {
        return parts.stream()
                .filter(part -> part instanceof Part.Text
                        || part instanceof Part.Image
                        || part instanceof Part.Document
                        || part instanceof Part.Audio)
                .toList();
    }

    private static boolean sameKinds(List<Part> some, List<Part> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; same && i < some.size(); i++) {
            same = some.get(i).getClass() == others.get(i).getClass();
        }
        return same;
    }

    /** The media type of an image that is sent along may have another name; a URL alone becomes an object with it. */
    private void part(Iterator<Part> asked, Iterator<Part> fitted) throws JsonException {
        String type = "";
        int url = -1;
        int bareEnd = -1;
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "type" -> type = json.string();
                case "image_url" -> {
                    boolean bare = json.peek() == '"';
                    url = url();
                    bareEnd = bare ? json.position() : -1;
                }
                default -> json.skip();
            }
        }
        boolean wraps = type.equals("image_url") && bareEnd >= 0;
        if (wraps) {
            insert(url, "{\"url\":");
        }
        mediaType(type, url, asked, fitted);
        if (wraps) {
            insert(bareEnd, "}");
        }
    }

    private void mediaType(String type, int url, Iterator<Part> asked, Iterator<Part> fitted) throws JsonException {
        if (!type.equals("image_url") || url < 0 || !asked.hasNext() || !fitted.hasNext()) {
            return;
        }
        if (asked.next() instanceof Part.Image was
                && fitted.next() instanceof Part.Image is
                && is.source() instanceof Part.Source.Data data
                && !is.source().equals(was.source())) {
            int end = json.find(';', url);
            edits.replace(url + 1, end, "data:" + data.mediaType());
        }
    }

    /** Where the opening quote of an image's URL stands. */
    private int url() throws JsonException {
        int at = -1;
        if (json.peek() == '{') {
            json.enterObject();
            while (json.nextMember()) {
                boolean named = json.name().equals("url") && json.peek() == '"';
                at = named ? json.position() : at;
                json.skip();
            }
        } else {
            at = json.peek() == '"' ? json.position() : -1;
            json.skip();
        }
        return at;
    }

    private static Iterator<Part> calls(Message message) {
        return message.parts().stream()
                .filter(part -> part instanceof Part.ToolCall
                        || (part instanceof Part.Other other && other.type().equals(MessageReader.OTHER_CALL)))
                .iterator();
    }

    private void calls(Message before, Message after) throws JsonException {
        Iterator<Part> asked = calls(before);
        Iterator<Part> fitted = calls(after);
        // Only the first call of a turn bears a signature.
        boolean unsigned = traits.flag(Trait.SIGNED, false);
        json.enterArray();
        while (json.nextElement()) {
            Part was = asked.next();
            Part is = fitted.next();
            json.enterObject();
            MemberRemoval removal = new MemberRemoval(json, edits);
            while (json.nextMember()) {
                removal.begin();
                String name = json.name();
                json.peek();
                unsigned &= !name.equals("extra_content");
                if (name.equals("id") && was instanceof Part.ToolCall old && is instanceof Part.ToolCall now) {
                    replace(old.id(), now.id());
                } else if (name.equals("function")) {
                    FittedRelay.names(json, fit, edits);
                } else {
                    if (isForeign(name)) {
                        removal.remove();
                        continue;
                    }
                }
                removal.keep();
            }
            removal.end();
            if (unsigned) {
                insert(json.position() - 1, UNSIGNED);
            }
            unsigned = false;
        }
    }
}
