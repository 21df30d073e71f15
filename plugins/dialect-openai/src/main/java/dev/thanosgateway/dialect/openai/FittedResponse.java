package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import dev.thanosgateway.wire.request.SchemaWords;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a relayed Responses request fit its model by changing only the values that the model refuses. Its content is not
 * read for that: a hosted tool or an item that only the vendor knows is none of this class's business. For one request.
 */
final class FittedResponse {
    private static final String AUTO = "\"auto\"";
    private static final Pattern JSON = Pattern.compile("json", Pattern.CASE_INSENSITIVE);

    private final RequestBody asked;
    private final ModelTraits traits;
    private final Edits edits = new Edits();
    private final Set<String> removed = new HashSet<>();
    private final Set<String> dropped = new TreeSet<>();
    private boolean renamesTools;

    private FittedResponse(RequestBody asked, ModelTraits traits) {
        this.asked = asked;
        this.traits = traits;
    }

    static FittedResponse of(RequestBody asked, ModelTraits traits) {
        FittedResponse fitted = new FittedResponse(asked, traits);
        try {
            fitted.sampling();
            fitted.effort();
            fitted.user();
            fitted.limit();
            fitted.choice();
            fitted.names();
            fitted.images();
            fitted.jsonWord();
        } catch (JsonException e) {
            // A value of another type than it must have: the vendor says what is wrong with it.
            return new FittedResponse(asked, traits);
        }
        return fitted;
    }

    /** The changes of values. */
    Edits edits() {
        return edits;
    }

    /** The members of the top level that are left out. */
    Set<String> removed() {
        return removed;
    }

    /** What is left out or changed to another meaning, by its name in OpenAI's chat language. */
    Set<String> dropped() {
        return dropped;
    }

    /** Whether the model does not take the name of a tool, so that the request must be translated. */
    boolean renamesTools() {
        return renamesTools;
    }

    private void sampling() {
        boolean either = traits.takes(Trait.SAMPLING, "temperature/top_p");
        boolean temperature = asked.member("temperature") != null;
        if (temperature && !either && !traits.takes(Trait.SAMPLING, "temperature")) {
            drop("temperature");
        }
        boolean one = either && !temperature;
        if (asked.member("top_p") != null && !one && !traits.takes(Trait.SAMPLING, "top_p")) {
            drop("top_p");
        }
    }

    private void drop(String member) {
        removed.add(member);
        dropped.add(member);
    }

    private void effort() throws JsonException {
        Value reasoning = asked.member("reasoning");
        List<String> taken = traits.list(Trait.EFFORT);
        Value said =
                reasoning != null && reasoning.isObject() ? reasoning.members().get("effort") : null;
        if (said == null || taken == null) {
            return;
        }
        String word = said.text();
        String fitting =
                List.of("none").containsAll(taken) && !taken.contains(word) ? null : ModelFit.effort(word, traits);
        if (fitting == null) {
            removed.add("reasoning");
            if (!word.equals("none")) {
                dropped.add("reasoning_effort");
            }
        } else if (!fitting.equals(word)) {
            replace(said, FittedRelay.quoted(fitting));
        }
    }

    private void user() throws JsonException {
        Value user = asked.member("user");
        if (user != null) {
            String now = ModelFit.user(user.text(), traits);
            if (now != null && !now.equals(user.text())) {
                replace(user, FittedRelay.quoted(now));
            }
        }
    }

    private void limit() throws JsonException {
        Value limit = asked.member("max_output_tokens");
        long most = traits.number(Trait.OUTPUT, Long.MAX_VALUE);
        if (limit != null && limit.integer() > most) {
            edits.replace(limit.from(), limit.to(), Long.toString(most));
        }
    }

    private void choice() throws JsonException {
        Value choice = asked.member("tool_choice");
        if (choice == null || traits.flag(Trait.FORCED_TOOLS, true)) {
            return;
        }
        if (choice.isString() && !choice.text().equals("required")) {
            return;
        }
        Value mode = choice.isObject() ? choice.members().get("mode") : null;
        if (mode != null && !mode.text().equals("required")) {
            return;
        }
        Value forced = mode == null ? choice : mode;
        edits.replace(forced.from(), forced.to(), AUTO);
        dropped.add("tool_choice");
    }

    private void names() throws JsonException {
        Value tools = asked.member("tools");
        if (tools == null || !tools.isArray()) {
            return;
        }
        JsonReader json = asked.reader(tools);
        try {
            json.enterArray();
            while (json.nextElement()) {
                renamesTools |= json.peek() == '{' && isRefused(json);
            }
        } catch (dev.thanosgateway.dialect.openai.wire.JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
    }

    /** Reads over a tool. */
    private boolean isRefused(JsonReader json) throws dev.thanosgateway.dialect.openai.wire.JsonException {
        boolean function = false;
        boolean refused = false;
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            int c = json.peek();
            if (name.equals("type") && c == '"') {
                function = json.string().equals("function");
            } else if (name.equals("name") && c == '"') {
                refused = !ModelFit.takesToolName(json.string(), traits);
            } else {
                json.skip();
            }
        }
        return function && refused;
    }

    /** The media types of images that are sent along, in messages and in results of calls. */
    private void images() throws JsonException {
        Value input = asked.member("input");
        if (input == null || !input.isArray()) {
            return;
        }
        try {
            images(asked.reader(input), Set.of("content", "output"));
        } catch (dev.thanosgateway.dialect.openai.wire.JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
    }

    /** @param inner the members of the elements that are arrays with images in them */
    private void images(JsonReader json, Set<String> inner) throws dev.thanosgateway.dialect.openai.wire.JsonException {
        json.enterArray();
        while (json.nextElement()) {
            if (json.peek() != '{') {
                json.skip();
                continue;
            }
            json.enterObject();
            while (json.nextMember()) {
                String name = json.name();
                int c = json.peek();
                if (c == '[' && inner.contains(name)) {
                    images(json, Set.of());
                } else if (c == '"' && name.equals("image_url")) {
                    image(json);
                } else {
                    json.skip();
                }
            }
        }
    }

    private void image(JsonReader json) throws dev.thanosgateway.dialect.openai.wire.JsonException {
        int from = json.position();
        json.skip();
        String start = json.latin(from, Math.min(from + RequestFacts.MEDIA_TYPE, json.position()));
        String said = RequestFacts.mediaType(start);
        String type = said == null ? null : ModelFit.mediaType(said);
        if (type != null && !type.equals(said)) {
            edits.replace(from + 1, from + start.indexOf(';'), "data:" + type);
        }
    }

    /** An answer is held to JSON only where the conversation has the word. */
    private void jsonWord() throws JsonException {
        Value text = asked.member("text");
        Value format = text == null ? null : text.members().get("format");
        Value input = asked.member("input");
        if (format == null || input == null || !traits.flag(Trait.JSON_WORD, false)) {
            return;
        }
        Value type = format.members().get("type");
        if (type == null
                || !type.text().equals("json_object")
                || saysJson(input)
                || saysJson(asked.member("instructions"))) {
            return;
        }
        String words = new String(FittedRelay.quoted(SchemaWords.anyObject()), StandardCharsets.UTF_8);
        if (input.isString()) {
            edits.replace(input.to() - 1, input.to() - 1, "\\n\\n" + words.substring(1, words.length() - 1));
        } else if (input.isArray()) {
            String rest = input.elements().isEmpty() ? "" : ",";
            edits.replace(input.from() + 1, input.from() + 1, "{\"role\":\"system\",\"content\":" + words + "}" + rest);
        }
    }

    private static boolean saysJson(@Nullable Value said) {
        return said != null && JSON.matcher(said.json().text()).find();
    }

    private void replace(Value value, byte[] now) {
        edits.replace(value.from(), value.to(), now);
    }
}
