package dev.thanosgateway.api.chat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One thing to know of what a model takes. Its {@link #key()} is its name in files. */
public enum Trait {
    /**
     * Where its vendor serves chats with it: {@code chat}, {@code responses}, {@code tools-at-responses} (a chat with
     * tools only at {@code /v1/responses}), {@code completions}.
     */
    PATH(Form.WORD, "chat", "responses", "tools-at-responses", "completions"),

    /** The field of an answer's limit in OpenAI's chat language. */
    LIMIT(Form.WORD, "max_tokens", "max_completion_tokens"),

    /** The highest limit on an answer that may be requested. Tokens. */
    OUTPUT(Form.NUMBER),

    /** The limit to request where the vendor insists on one and the caller sets none. Tokens. */
    OUTPUT_DEFAULT(Form.NUMBER),

    /** The reasoning efforts it accepts; empty = it refuses the field. */
    EFFORT(Form.LIST, "none", "minimal", "low", "medium", "high", "xhigh", "max"),

    /**
     * How thinking is requested in the vendor's own language: not at all, by a number of tokens, by an effort, or by a
     * level.
     */
    THINKING(Form.WORD, "none", "budget", "effort", "level"),

    /** Whether thinking can be switched off. */
    THINKING_OFF(Form.FLAG),

    /** The range of thinking budgets it accepts. Tokens, such as {@code 128-32768}. */
    BUDGET(Form.RANGE),

    /** Whether it insists on the signatures of the calls it made. */
    SIGNED(Form.FLAG),

    /** The sampling fields it accepts; {@code temperature/top_p} = one of both. */
    SAMPLING(
            Form.LIST,
            "temperature",
            "top_p",
            "temperature/top_p",
            "top_k",
            "presence_penalty",
            "frequency_penalty",
            "logit_bias",
            "seed",
            "logprobs",
            "stop",
            "n"),

    /** Whether an answer may be begun by a trailing assistant turn. */
    PREFILL(Form.FLAG),

    /** Whether a call of a tool may be forced. */
    FORCED_TOOLS(Form.FLAG),

    /** Whether answers and strict tools can be held to a JSON schema. */
    SCHEMAS(Form.FLAG),

    /** The media types of images it accepts. */
    IMAGES(Form.FREE_LIST),

    /** Where images may stand: in a user's turn, in a tool's result. */
    IMAGE_PLACES(Form.LIST, "user", "tool"),

    /** Whether it knows the role {@code developer}. */
    DEVELOPER(Form.FLAG),

    /** The longest {@code user}. Characters. */
    USER_MAX(Form.NUMBER),

    /** The longest name of a tool. Characters. */
    TOOL_NAME_MAX(Form.NUMBER),

    /** The longest id of a tool call. Characters. */
    TOOL_ID_MAX(Form.NUMBER),

    /** The exact length of a tool call's id, which has letters and digits only. Characters. */
    TOOL_ID_LENGTH(Form.NUMBER),

    /** The field in which the reasoning of earlier turns goes back to the upstream that made it. */
    THOUGHTS(
            Form.WORD,
            "reasoning_content",
            "reasoning",
            "reasoning_details",
            "parts",
            "extra_content",
            "unsigned",
            "none"),

    /** Whether the endpoint knows {@code stream_options.include_usage}. */
    STREAM_OPTIONS(Form.FLAG),

    /** The further operations of the endpoint, to which requests in OpenAI's language are relayed. */
    RELAYS(Form.LIST, "responses", "completions");

    static final String YES = "yes";
    private static final String NO = "no";

    private final Form form;
    private final String words;

    Trait(Form form, String... words) {
        this.form = form;
        this.words = String.join(" ", words);
    }

    private Set<String> words() {
        return new TreeSet<>(List.of(words.split(" ")));
    }

    /** The name in files: {@code tool_name_max}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a value is a list of words. */
    public boolean isList() {
        return form == Form.LIST || form == Form.FREE_LIST;
    }

    /** Whether a value is yes or no. */
    public boolean isFlag() {
        return form == Form.FLAG;
    }

    /** Whether a value is a whole number. */
    public boolean isNumber() {
        return form == Form.NUMBER;
    }

    /** The trait with this key; null = there is none. */
    public static @Nullable Trait of(String key) {
        for (Trait trait : values()) {
            if (trait.key().equals(key)) {
                return trait;
            }
        }
        return null;
    }

    /** @throws IllegalArgumentException with a sentence, if the trait cannot have this value */
    void check(List<String> value) {
        boolean fits = switch (form) {
            case WORD -> value.size() == 1 && words().contains(value.get(0));
            case LIST -> words().containsAll(value);
            case FREE_LIST -> true;
            case FLAG -> value.size() == 1 && Set.of(YES, NO).contains(value.get(0));
            case NUMBER -> value.size() == 1 && number(value.get(0));
            case RANGE -> value.size() == 1 && range(value.get(0));
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    key() + " cannot be " + String.join(",", value) + ": it is " + allowed());
        }
    }

    private static boolean number(String word) {
        return word.matches("[0-9]{1,15}");
    }

    private static boolean range(String word) {
        int dash = word.indexOf('-');
        return dash > 0
                && number(word.substring(0, dash))
                && number(word.substring(dash + 1))
                && Long.parseLong(word.substring(0, dash)) <= Long.parseLong(word.substring(dash + 1));
    }

    /** What a value may be, for messages. */
    public String allowed() {
        return switch (form) {
            case WORD -> "one of " + String.join(", ", words());
            case LIST -> "a list of " + String.join(", ", words());
            case FREE_LIST -> "a list";
            case FLAG -> "yes or no";
            case NUMBER -> "a whole number";
            case RANGE -> "a range such as 128-32768";
        };
    }

    /** The form of a trait's value. */
    private enum Form {
        /** One word of a set. */
        WORD,
        /** Words of a set, in any number. */
        LIST,
        /** Yes or no. */
        FLAG,
        /** A whole number from 0. */
        NUMBER,
        /** Two whole numbers from 0, with a dash between. */
        RANGE,
        /** Any words. */
        FREE_LIST
    }
}
