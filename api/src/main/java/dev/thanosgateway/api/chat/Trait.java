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
    OUTPUT(1),

    /** The limit to request where the vendor insists on one and the caller sets none. Tokens. */
    OUTPUT_DEFAULT(1),

    /** The reasoning efforts it accepts; empty = it refuses the field. */
    EFFORT(Form.LIST, "none", "minimal", "low", "medium", "high", "xhigh", "max"),

    /**
     * How thinking is requested in the vendor's own language: not at all, by a number of tokens, by an effort, by a
     * number with an effort beside it, or by a level.
     */
    THINKING(Form.WORD, "none", "budget", "effort", "both", "level"),

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

    /**
     * The sampling fields it accepts with the effort {@code none}, where these are others than {@link #SAMPLING}; the
     * words are the same.
     */
    SAMPLING_EFFORT_NONE(Form.LIST, SAMPLING.words.split(" ")),

    /** Whether an answer may be begun by a trailing assistant turn. */
    PREFILL(Form.FLAG),

    /** Whether a call of a tool may be forced. */
    FORCED_TOOLS(Form.FLAG),

    /**
     * Whether answers and strict tools can be held to a JSON schema. Where they cannot, an answer is held to JSON
     * ({@link #JSON_OBJECTS}) and the model reads the schema in its instructions; {@code x-thanos-dropped} then names
     * {@code response_format.strict} and {@code tools.strict}.
     */
    SCHEMAS(Form.FLAG),

    /**
     * Whether an answer can be held to JSON without a schema. Where it cannot, the schema of any object is used instead;
     * with neither, a request for JSON is unsupported.
     */
    JSON_OBJECTS(Form.FLAG),

    /**
     * Whether a conversation must have the word JSON for an answer to be held to JSON without a schema. Where it has not,
     * the instructions get it.
     */
    JSON_WORD(Form.FLAG),

    /** The media types of images it accepts, such as {@code image/png}. */
    IMAGES(Form.MEDIA_TYPES),

    /** Where images may stand: in a user's turn, in a tool's result, in an assistant's turn. */
    IMAGE_PLACES(Form.LIST, "user", "tool", "assistant"),

    /** Whether it knows the role {@code developer}. */
    DEVELOPER(Form.FLAG),

    /** The longest {@code user}. Characters. */
    USER_MAX(8),

    /** The longest name of a tool. Characters; eight of them, and a line before them, tell shortened names apart. */
    TOOL_NAME_MAX(10),

    /**
     * The characters of a tool's name: {@code any}; {@code word} = ASCII letters, digits, {@code _} and {@code -};
     * {@code name} = the same, beginning with a letter; {@code dotted} = the same with {@code .} and {@code :}, beginning
     * with a letter or {@code _}.
     */
    TOOL_NAME_CHARS(Form.WORD, "any", "word", "name", "dotted"),

    /** The longest id of a tool call. Characters. */
    TOOL_ID_MAX(8),

    /** The exact length of a tool call's id, which has letters and digits only. Characters. */
    TOOL_ID_LENGTH(8, 64),

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
    RELAYS(Form.LIST, "responses", "completions", "input_tokens", "compact"),

    /**
     * The types of tools that an endpoint of OpenAI's language knows; {@code all} = every type there is. A request with
     * others is translated for it: custom tools become functions, and what runs at another vendor is left out.
     */
    TOOL_TYPES(
            Form.LIST,
            "all",
            "function",
            "custom",
            "web_search",
            "web_search_preview",
            "x_search",
            "browser_search",
            "file_search",
            "code_interpreter",
            "image_generation",
            "mcp",
            "local_shell",
            "shell",
            "apply_patch",
            "tool_search",
            "namespace");

    static final String YES = "yes";
    private static final String NO = "no";

    /** Digits of the largest number. */
    private static final int DIGITS = 15;

    /** Names that some programs have for {@code image/jpeg}, which requests never have. */
    private static final Set<String> NOT_REGISTERED = Set.of("image/jpg", "image/pjpeg", "image/x-jpeg");

    private final Form form;
    private final String words;
    private final long least;
    private final long most;

    Trait(Form form, String... words) {
        this.form = form;
        this.words = String.join(" ", words);
        this.least = 0;
        this.most = Long.MAX_VALUE;
    }

    /** A number from {@code least}: with a smaller one no request could be written. */
    Trait(long least) {
        this(least, Long.MAX_VALUE);
    }

    Trait(long least, long most) {
        this.form = Form.NUMBER;
        this.words = "";
        this.least = least;
        this.most = most;
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
        return form == Form.LIST || form == Form.MEDIA_TYPES;
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
            case MEDIA_TYPES -> value.stream().allMatch(Trait::imageType);
            case FLAG -> value.size() == 1 && Set.of(YES, NO).contains(value.get(0));
            case NUMBER -> value.size() == 1 && number(value.get(0)) && inRange(Long.parseLong(value.get(0)));
            case RANGE -> value.size() == 1 && range(value.get(0));
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    key() + " cannot be " + String.join(",", value) + ": it is " + allowed());
        }
    }

    private static boolean number(String word) {
        return word.length() <= DIGITS && word.matches("[0-9]+");
    }

    private boolean inRange(long number) {
        return number >= least && number <= most;
    }

    /** Written as in requests: with {@code image/}, in lower case. */
    private static boolean imageType(String type) {
        return type.matches("image/[a-z0-9][a-z0-9.+-]*") && !NOT_REGISTERED.contains(type);
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
            case MEDIA_TYPES -> "a list of media types such as image/jpeg or image/png";
            case FLAG -> "yes or no";
            case NUMBER -> "a whole number from " + least + (most == Long.MAX_VALUE ? "" : " to " + most);
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
        /** A whole number in the trait's range. */
        NUMBER,
        /** Two whole numbers from 0, with a dash between. */
        RANGE,
        /** Media types of images, in any number. */
        MEDIA_TYPES
    }
}
