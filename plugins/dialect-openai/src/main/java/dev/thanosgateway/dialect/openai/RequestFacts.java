package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.answer.ThoughtDetails;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a chat request has that a model could refuse, noted while the request is scanned. It decides whether a relayed
 * request must be compared with what its model takes; without a match nothing of the request is parsed. For one request;
 * not changed once the scan is over.
 */
final class RequestFacts {
    private static final List<String> SAMPLING = List.of(
            "temperature",
            "top_p",
            "presence_penalty",
            "frequency_penalty",
            "logit_bias",
            "seed",
            "logprobs",
            "stop",
            "n");

    /** The members of a message that hold earlier reasoning, and what stands in for them beside a call. */
    static final Set<String> THOUGHTS = Set.of("reasoning_content", "reasoning", "reasoning_details", "extra_content");

    /** Those of them that are text. */
    private static final Set<String> TEXTS = Set.of("reasoning_content", "reasoning");

    /** How much of an image's URL has its media type, if it has one. Characters. */
    static final int MEDIA_TYPE = 80;

    private static final String LIMIT_OLD = "max_tokens";
    private static final String LIMIT_NEW = "max_completion_tokens";

    private int sampling;
    private long limit;
    private boolean oldLimit;
    private boolean newLimit;
    private int limitFrom;
    private int limitTo;
    private @Nullable String effort;
    private int user;
    private boolean streamOptions;
    private boolean forced;
    private String form = "";
    private boolean strict;
    private boolean developer;
    private boolean thoughts;
    private boolean ownDetails;
    private boolean otherThoughts;
    private boolean unsigned;
    private boolean answered;
    private boolean continued;
    private boolean filesInResults;
    private boolean filesInAnswers;
    private boolean broken;
    private int longestName;
    private boolean oddName;
    private int longestId;
    private int shortestId = Integer.MAX_VALUE;
    private boolean oddId;
    private int messages;
    private @Nullable Set<String> ids;
    private Set<String> customs = Set.of();
    private boolean customCalls;
    private @Nullable Set<String> images;
    private boolean bareImage;

    /** How many messages the request has. */
    int messages() {
        return messages;
    }

    /** Whether the last turn is the assistant's and bears the mark that asks for it to be continued. */
    boolean continued() {
        return continued;
    }

    /** Whether the limit is there by both its names. */
    boolean bothLimits() {
        return oldLimit && newLimit;
    }

    /** The limit by the name that the endpoint knows, if it is there by the other one alone. */
    void nameLimit(String field, Edits edits) {
        boolean other = field.equals(LIMIT_OLD) ? newLimit : oldLimit;
        if (other && !bothLimits()) {
            edits.replace(limitFrom, limitTo, '"' + field + '"');
        }
    }

    /**
     * A member of the top level whose value is not null.
     *
     * @param json behind the value
     * @param from where the value begins
     */
    void member(String name, JsonReader json, int from) {
        switch (name) {
            case LIMIT_OLD -> {
                oldLimit = true;
                limit(json, from);
            }
            case LIMIT_NEW -> {
                newLimit = true;
                limit(json, from);
            }
            case "reasoning_effort" -> effort = json.latin(from + 1, json.position() - 1);
            case "user" -> user = json.position() - from - 2;
            case "tool_choice", "function_call" -> {
                String start = json.latin(from, from + 2);
                forced |= start.startsWith("{") || start.equals("\"r");
            }
            default -> {
                int field = SAMPLING.indexOf(name);
                sampling |= field < 0 ? 0 : 1 << field;
            }
        }
    }

    private void limit(JsonReader json, int from) {
        limitFrom = json.memberStart();
        limitTo = json.nameEnd();
        try {
            limit = Math.max(limit, Long.parseLong(json.latin(from, json.position())));
        } catch (NumberFormatException e) {
            // Written with an exponent: it counts as a large one, and is compared.
            limit = Long.MAX_VALUE;
        }
    }

    void choices(int wanted) {
        sampling |= wanted > 1 ? 1 << SAMPLING.indexOf("n") : 0;
    }

    void streamOptions() {
        streamOptions = true;
    }

    /** @param type of the form that the answer must have */
    void form(String type) {
        form = type;
    }

    /** Whether the arguments of a tool's calls must match its schema. */
    void strict(boolean strict) {
        this.strict |= strict;
    }

    /** The name of a tool, in the list of tools or in a call. */
    void name(String name) {
        longestName = Math.max(longestName, name.length());
        oddName |= !name.isEmpty() && !isLetter(name.charAt(0));
        for (int i = 0; i < name.length() && !oddName; i++) {
            char c = name.charAt(i);
            oddName = !isAlphanumeric(c) && c != '_' && c != '-';
        }
    }

    /** The name of a custom tool. */
    void custom(String name) {
        name(name);
        customs = customs.isEmpty() ? new HashSet<>() : customs;
        customs.add(name);
    }

    /** An earlier turn called a custom tool. */
    void customCall() {
        customCalls = true;
    }

    /** The names of the custom tools. */
    Set<String> customs() {
        return customs;
    }

    /** Whether there are custom tools, or calls of them. */
    boolean hasCustoms() {
        return customCalls || !customs.isEmpty();
    }

    /** The id of a call. */
    void called(String id) {
        if (ids == null) {
            ids = new HashSet<>();
        }
        broken |= !ids.add(id);
        answered(id);
    }

    /** The id of the call that a message answers. */
    void answered(String id) {
        broken |= id.isEmpty();
        longestId = Math.max(longestId, id.length());
        shortestId = Math.min(shortestId, id.length());
        for (int i = 0; i < id.length() && !oddId; i++) {
            oddId = !isAlphanumeric(id.charAt(i));
        }
    }

    private static boolean isAlphanumeric(char c) {
        return isLetter(c) || (c >= '0' && c <= '9');
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** @param start of an image's URL, with its opening quote and as it is escaped; long enough for its media type */
    void image(String start) {
        String type = mediaType(start);
        if (type == null) {
            return;
        }
        if (images == null) {
            images = new HashSet<>();
        }
        images.add(type);
    }

    /** An image is given as a URL alone, as Mistral takes it, and not as an object with one. */
    void bareImage() {
        bareImage = true;
    }

    /** The media type of a URL with the data of an image, in lower case; null = it is another URL. */
    static @Nullable String mediaType(String start) {
        String plain = start.replace("\\", "");
        int end = plain.indexOf(';');
        return end < 0 || !plain.regionMatches(true, 1, "data:", 0, 5)
                ? null
                : plain.substring(6, end).toLowerCase(Locale.ROOT);
    }

    /**
     * A member of a message or call that holds earlier reasoning, or proves it.
     *
     * @param value its JSON
     */
    void thoughts(String name, String value) {
        thoughts = true;
        ownDetails |= areOwnDetails(name, value);
        otherThoughts |= !TEXTS.contains(name);
    }

    /** Whether these are thoughts of another vendor that the gateway told in this language. */
    static boolean areOwnDetails(String name, String value) {
        return name.equals(ThoughtDetails.FIELD)
                && (value.contains(ThoughtDetails.SIGNED) || value.contains(ThoughtDetails.REDACTED));
    }

    /**
     * Whether a member that {@link #THOUGHTS} names goes to another endpoint than this.
     *
     * @param value its JSON
     */
    static boolean isForeign(String name, String value, ModelTraits traits) {
        return hasNoPlaceForThoughts(traits)
                || (hasTextOnly(traits) && !TEXTS.contains(name))
                || areOwnDetails(name, value);
    }

    /** Whether the endpoint reads earlier reasoning from a field of text, and knows no proof of it. */
    private static boolean hasTextOnly(ModelTraits traits) {
        return traits.is(Trait.THOUGHTS, "reasoning");
    }

    /** The first call of a turn has no member that could hold its signature. */
    void unsigned() {
        unsigned = true;
    }

    /**
     * A message has ended.
     *
     * @param file whether its content has a part that is no text
     * @param marked whether it asks to be continued
     * @param calls whether it calls tools
     */
    void message(String role, boolean file, boolean marked, boolean calls) {
        messages++;
        developer |= role.equals("developer");
        filesInResults |= file && (role.equals("tool") || role.equals("function"));
        filesInAnswers |= file && role.equals("assistant");
        if (!role.equals("system") && !role.equals("developer")) {
            boolean assistant = role.equals("assistant");
            answered = assistant && !calls;
            continued = assistant && marked;
        }
    }

    /**
     * Whether a model with these traits may refuse the request, so that it must be compared.
     *
     * @param streamOptions whether the endpoint knows them
     */
    boolean mayExceed(ModelTraits traits, boolean streamOptions) {
        return broken
                || bareImage
                || (this.streamOptions && !streamOptions)
                || (developer && !traits.flag(Trait.DEVELOPER, true))
                || (answered && !continued && !traits.flag(Trait.PREFILL, true))
                || (forced && !traits.flag(Trait.FORCED_TOOLS, true))
                || ((strict || form.equals("json_schema")) && !traits.flag(Trait.SCHEMAS, true))
                || (form.equals("json_object")
                        && (!traits.flag(Trait.JSON_OBJECTS, true) || traits.flag(Trait.JSON_WORD, false)))
                || ownDetails
                || (thoughts && hasNoPlaceForThoughts(traits))
                || (otherThoughts && hasTextOnly(traits))
                || (unsigned && traits.flag(Trait.SIGNED, false))
                || (filesInResults && !traits.takes(Trait.IMAGE_PLACES, "tool"))
                || (filesInAnswers && !traits.takes(Trait.IMAGE_PLACES, "assistant"))
                || limit > traits.number(Trait.OUTPUT, Long.MAX_VALUE)
                || (bothLimits() && traits.word(Trait.LIMIT) != null)
                || user > traits.number(Trait.USER_MAX, Integer.MAX_VALUE)
                || namesExceed(traits)
                || idsExceed(traits)
                || imagesExceed(traits)
                || effortExceeds(traits)
                || samplingExceeds(traits);
    }

    /** Whether the endpoint has no member of a message for reasoning, so that what is there is another vendor's. */
    static boolean hasNoPlaceForThoughts(ModelTraits traits) {
        String field = traits.word(Trait.THOUGHTS);
        return field != null && (field.equals("none") || field.equals("parts"));
    }

    private boolean namesExceed(ModelTraits traits) {
        return longestName > traits.number(Trait.TOOL_NAME_MAX, Integer.MAX_VALUE)
                || (oddName && traits.word(Trait.TOOL_NAME_CHARS) != null);
    }

    private boolean idsExceed(ModelTraits traits) {
        long length = traits.number(Trait.TOOL_ID_LENGTH, 0);
        boolean exact = length == 0 || longestId == 0 || (longestId == length && shortestId == length && !oddId);
        return !exact || longestId > traits.number(Trait.TOOL_ID_MAX, Integer.MAX_VALUE);
    }

    private boolean imagesExceed(ModelTraits traits) {
        Set<String> seen = images;
        if (seen == null) {
            return false;
        }
        List<String> taken = traits.list(Trait.IMAGES);
        return taken == null
                ? !Set.of("image/jpeg", "image/png", "image/gif", "image/webp").containsAll(seen)
                : !taken.containsAll(seen);
    }

    private boolean effortExceeds(ModelTraits traits) {
        List<String> taken = traits.list(Trait.EFFORT);
        return effort != null && taken != null && !taken.contains(effort);
    }

    private boolean samplingExceeds(ModelTraits traits) {
        if (sampling == 0 || traits.list(Trait.SAMPLING) == null) {
            return false;
        }
        boolean either = traits.takes(Trait.SAMPLING, "temperature/top_p") && (sampling & 3) != 3;
        for (int i = either ? 2 : 0; i < SAMPLING.size(); i++) {
            boolean asked = (sampling & (1 << i)) != 0;
            if (asked && !traits.takes(Trait.SAMPLING, SAMPLING.get(i))) {
                return true;
            }
        }
        return false;
    }
}
