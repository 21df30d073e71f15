package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.provider.Sink;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a chat fit what its model takes, by {@link ChatRequest#traits()}: the one place where traits change what a
 * request says. A language asks for it before it writes a request, or relays one that the model may refuse. What the
 * model refuses and the answer can do without is left out and named; what breaks every language, such as two calls with
 * one id, is mended whatever is known. For one request, on one thread.
 */
public final class ModelFit {
    /** What a user says where a model does not go on from its own words. */
    public static final String GO_ON = "Continue.";

    /** The longest {@link #digest}. Characters. */
    public static final int DIGEST_MAX = 64;

    /** Names that some programs have for image/jpeg. */
    private static final Set<String> ALSO_JPEG = Set.of("image/jpg", "image/pjpeg", "image/x-jpeg");

    private static final String NONE = "none";
    private static final List<String> EFFORTS = List.of(NONE, "minimal", "low", "medium", "high", "xhigh", "max");

    private final ChatContent content;
    private final Set<String> dropped;
    private final ToolNames names;
    private final @Nullable String formWords;
    private final Set<Message> added;

    private ModelFit(
            ChatContent content, Set<String> dropped, ToolNames names, @Nullable String formWords, Set<Message> added) {
        this.content = content;
        this.dropped = dropped;
        this.names = names;
        this.formWords = formWords;
        this.added = added;
    }

    /** @throws GatewayException UNSUPPORTED naming what the answer depends on and the model is known not to take */
    public static ModelFit of(ChatRequest request) throws GatewayException {
        return fit(request, false);
    }

    /**
     * The same for a language with ways of its own to hold an answer to JSON: the form of the answer stays as asked.
     *
     * @throws GatewayException UNSUPPORTED naming what the answer depends on and the model is known not to take
     */
    public static ModelFit keepingForm(ChatRequest request) throws GatewayException {
        return fit(request, true);
    }

    private static ModelFit fit(ChatRequest request, boolean keepsForm) throws GatewayException {
        ChatContent content = request.content();
        ModelTraits traits = sampled(content.reasoning(), request.traits());
        Set<String> dropped = new TreeSet<>();
        needed(content, traits, request.model());
        AnswerForm form = keepsForm
                ? new AnswerForm(content.responseFormat(), null)
                : AnswerForm.of(content, traits, request.model(), dropped);
        ToolNames names = new ToolNames(content, traits);
        FittedMessages messages = new FittedMessages(traits, names, request.model());
        ChatContent.Builder fitted = content.toBuilder()
                .responseFormat(form.format())
                .sampling(sampling(content.sampling(), traits, dropped))
                .stop(stop(content, traits, dropped))
                .maxOutputTokens(limit(content.maxOutputTokens(), traits))
                .reasoning(reasoning(content.reasoning(), traits, dropped))
                .user(user(content.user(), traits))
                .toolChoice(names.fit(toolChoice(content, traits, dropped)))
                .tools(names.fit(tools(content.tools(), traits, dropped)))
                .messages(messages.fit(content.messages(), form));
        return new ModelFit(fitted.build(), dropped, names, form.words(), messages.added());
    }

    /** The chat as the model takes it. */
    public ChatContent content() {
        return content;
    }

    /** What was left out, by its name in OpenAI's chat language; not to be changed. */
    public Set<String> dropped() {
        return dropped;
    }

    /** A sink before {@code out} in which calls of tools get the names back that the caller gave them. */
    public Sink<ChatEvent> restoring(Sink<ChatEvent> out) {
        return names.isEmpty() ? out : new RestoredNames(out, names);
    }

    /** Whether a message of {@link #content()} is new. All others are the request's, in its order. */
    public boolean isAdded(Message message) {
        return added.contains(message);
    }

    /** The name that is sent upstream for a tool. */
    public String sentName(String tool) {
        return names.fit(tool);
    }

    /** Whether a model takes a tool's name as it is. */
    public static boolean takesToolName(String tool, ModelTraits traits) {
        return new ToolNames(List.of(tool), traits).isEmpty();
    }

    /** The caller's name for a tool, by the name that was sent upstream. */
    public String callersName(String tool) {
        return names.asked(tool);
    }

    /** What the instructions say of the answer's form that the request did not; null = nothing. */
    public @Nullable String formWords() {
        return formWords;
    }

    private static boolean forces(@Nullable ToolChoice choice) {
        return choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named;
    }

    /** Without thought a model may take sampling fields that it refuses with it. */
    private static ModelTraits sampled(@Nullable Reasoning asked, ModelTraits traits) {
        List<String> fields = traits.list(Trait.SAMPLING_EFFORT_NONE);
        boolean off = asked != null && isOff(asked) && traits.takes(Trait.EFFORT, NONE);
        return fields != null && off ? traits.with(Trait.SAMPLING, fields) : traits;
    }

    private static boolean isOff(Reasoning asked) {
        Long budget = asked.budgetTokens();
        return NONE.equals(asked.effort()) || (asked.effort() == null && budget != null && budget == 0);
    }

    private static List<Tool> tools(List<Tool> tools, ModelTraits traits, Set<String> dropped) {
        boolean held = traits.flag(Trait.SCHEMAS, true) || tools.stream().noneMatch(ModelFit::isStrict);
        if (!held) {
            dropped.add("tools.strict");
        }
        return held
                ? tools
                : tools.stream()
                        .map(tool -> isStrict(tool) ? tool.withStrict(null) : tool)
                        .toList();
    }

    private static boolean isStrict(Tool tool) {
        return Boolean.TRUE.equals(tool.strict());
    }

    /**
     * The effort to ask for in the words the model accepts: the nearest one.
     *
     * @param effort a word of {@link Trait#EFFORT}, or a vendor's own; null = none is asked for
     * @return null = say nothing
     */
    public static @Nullable String effort(@Nullable String effort, ModelTraits traits) {
        List<String> accepted = traits.list(Trait.EFFORT);
        if (effort == null || accepted == null) {
            // No effort is what a model without reasoning makes anyway, and most refuse the word.
            return NONE.equals(effort) ? null : effort;
        }
        int wanted = EFFORTS.indexOf(effort);
        if (accepted.contains(effort) || wanted < 0) {
            return accepted.isEmpty() ? null : effort;
        }
        String nearest = null;
        int distance = Integer.MAX_VALUE;
        for (String word : accepted) {
            int away = Math.abs(EFFORTS.indexOf(word) - wanted);
            boolean asksForThought = !word.equals(NONE) || wanted == 0;
            if (asksForThought && away < distance) {
                nearest = word;
                distance = away;
            }
        }
        return nearest;
    }

    /** The registered name of an image's media type, in lower case. */
    public static String mediaType(String said) {
        String type = said.toLowerCase(Locale.ROOT);
        return ALSO_JPEG.contains(type) ? "image/jpeg" : type;
    }

    private static void needed(ChatContent content, ModelTraits traits, String model) throws GatewayException {
        if (content.choices() > 1 && !traits.takes(Trait.SAMPLING, "n")) {
            throw unsupported("n", "makes one answer to a request", model);
        }
        if (content.topLogprobs() != null && !traits.takes(Trait.SAMPLING, "logprobs")) {
            throw unsupported("logprobs", "gives no log probabilities", model);
        }
    }

    static GatewayException unsupported(String field, String clause, String model) {
        return new GatewayException(
                        ErrorKind.UNSUPPORTED,
                        "The model \"" + model + "\" " + clause + ". Leave out \"" + field
                                + "\", or name another model.")
                .withParameter(field);
    }

    private static Sampling sampling(Sampling asked, ModelTraits traits, Set<String> dropped) {
        if (traits.list(Trait.SAMPLING) == null || asked == Sampling.DEFAULT) {
            return asked;
        }
        boolean one = traits.takes(Trait.SAMPLING, "temperature/top_p");
        Double temperature = taken("temperature", asked.temperature(), one, traits, dropped);
        boolean both = one && temperature != null && !traits.takes(Trait.SAMPLING, "top_p");
        return Sampling.builder()
                .temperature(temperature)
                .topP(both ? left("top_p", asked.topP(), dropped) : taken("top_p", asked.topP(), one, traits, dropped))
                .topK(taken("top_k", asked.topK(), false, traits, dropped))
                .presencePenalty(taken("presence_penalty", asked.presencePenalty(), false, traits, dropped))
                .frequencyPenalty(taken("frequency_penalty", asked.frequencyPenalty(), false, traits, dropped))
                .seed(taken("seed", asked.seed(), false, traits, dropped))
                .logitBias(
                        asked.logitBias().isEmpty() || traits.takes(Trait.SAMPLING, "logit_bias")
                                ? asked.logitBias()
                                : left("logit_bias", asked.logitBias(), dropped, Map.of()))
                .build();
    }

    private static <T> @Nullable T taken(
            String name, @Nullable T value, boolean either, ModelTraits traits, Set<String> dropped) {
        return value == null || either || traits.takes(Trait.SAMPLING, name) ? value : left(name, value, dropped);
    }

    private static <T> @Nullable T left(String name, @Nullable T value, Set<String> dropped) {
        if (value != null) {
            dropped.add(name);
        }
        return null;
    }

    private static <T> T left(String name, T value, Set<String> dropped, T instead) {
        dropped.add(name);
        return instead;
    }

    private static List<String> stop(ChatContent content, ModelTraits traits, Set<String> dropped) {
        List<String> stop = content.stop();
        return stop.isEmpty() || traits.takes(Trait.SAMPLING, "stop") ? stop : left("stop", stop, dropped, List.of());
    }

    /** More than a model can write is what it can write. */
    private static @Nullable Long limit(@Nullable Long asked, ModelTraits traits) {
        return asked == null ? null : Math.min(asked, traits.number(Trait.OUTPUT, Long.MAX_VALUE));
    }

    private static @Nullable Reasoning reasoning(@Nullable Reasoning asked, ModelTraits traits, Set<String> dropped) {
        List<String> accepted = traits.list(Trait.EFFORT);
        if (asked == null || accepted == null || !List.of(NONE).containsAll(accepted)) {
            return asked;
        }
        if (isOff(asked)) {
            return accepted.isEmpty() ? null : asked;
        }
        if (asked.effort() != null || asked.budgetTokens() != null) {
            dropped.add("reasoning_effort");
        }
        return null;
    }

    /** The user as the model takes it: a longer one is replaced by its hash. */
    public static @Nullable String user(@Nullable String user, ModelTraits traits) {
        long most = traits.number(Trait.USER_MAX, Integer.MAX_VALUE);
        return user == null || user.length() <= most ? user : digest(user, (int) most);
    }

    private static @Nullable ToolChoice toolChoice(ChatContent content, ModelTraits traits, Set<String> dropped) {
        ToolChoice asked = content.toolChoice();
        if (!forces(asked) || traits.flag(Trait.FORCED_TOOLS, true)) {
            return asked;
        }
        dropped.add("tool_choice");
        return new ToolChoice.Auto();
    }

    /** Letters and digits that stand for a text, always the same; at most {@link #DIGEST_MAX} characters. */
    public static String digest(String text, int length) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            String hex = HexFormat.of().formatHex(hash);
            return hex.substring(0, Math.min(length, DIGEST_MAX));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
