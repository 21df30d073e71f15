package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a legacy completion asks. Immutable once made. */
final class Completion {
    /** Whose names the hints have. */
    static final String DIALECT = "openai-completions";
    /** Kind of {@link Part.Other} for the text behind the place where the answer goes, a JSON string. */
    static final String SUFFIX = "suffix";

    /** OpenAI's own default. */
    private static final long DEFAULT_LIMIT = 16;

    private static final long MOST_CHOICES = 128;

    private final RequestBody body;
    private final List<String> prompts = new ArrayList<>();
    private final int promptCount;
    private final int answers;
    private final boolean echo;
    private final boolean usage;

    private Completion(RequestBody body) throws JsonException {
        this.body = body;
        Value prompt = body.member("prompt");
        if (prompt == null) {
            throw new JsonException("prompt", "is required: send a text");
        }
        promptCount = prompts(prompt);
        Value wanted = body.member("n");
        answers = wanted == null ? 1 : (int) between(wanted, 1, MOST_CHOICES);
        echo = Members.bool(body.content(), "echo");
        Value options = body.member("stream_options");
        Value counted = options == null ? null : options.members().get("include_usage");
        usage = counted != null && counted.bool();
    }

    /** @throws GatewayException INVALID_REQUEST naming the field */
    static Completion of(RequestBody body) throws GatewayException {
        try {
            return new Completion(body);
        } catch (JsonException e) {
            throw RequestBody.invalid(e);
        }
    }

    /** A text, texts, the tokens of a text, or those of several: how many prompts it is. */
    private int prompts(Value prompt) throws JsonException {
        if (prompt.isString()) {
            prompts.add(prompt.text());
            return 1;
        }
        if (!prompt.isArray()) {
            throw new JsonException("prompt", "must be a text, or an array of texts or tokens");
        }
        List<Value> elements = prompt.elements();
        if (elements.isEmpty()) {
            throw new JsonException("prompt", "must not be empty");
        }
        boolean texts = elements.get(0).isString();
        for (Value one : elements) {
            if (texts) {
                prompts.add(one.text());
            } else if (!one.isArray()) {
                one.integer();
            }
        }
        return texts || elements.get(0).isArray() ? elements.size() : 1;
    }

    private static long between(Value value, long least, long most) throws JsonException {
        long number = value.integer();
        if (number < least || number > most) {
            throw new JsonException(value.path(), "must be between " + least + " and " + most);
        }
        return number;
    }

    /** How many answers there will be to all prompts together. */
    int choices() {
        return answers * promptCount;
    }

    /** Whether a stream ends with its usage. */
    boolean usage() {
        return usage;
    }

    /** What every answer begins with: the prompt, if the caller wants it back. */
    String before() {
        return echo && !prompts.isEmpty() ? prompts.get(0) : "";
    }

    /** @throws GatewayException INVALID_REQUEST naming the field; UNSUPPORTED for what a chat has no word for */
    ChatContent content() throws GatewayException {
        try {
            return chat();
        } catch (JsonException e) {
            throw RequestBody.invalid(e);
        }
    }

    private ChatContent chat() throws JsonException, GatewayException {
        if (prompts.isEmpty()) {
            throw unsupported("prompt", "is tokens, which only the model they are of can read. Send its text");
        }
        if (promptCount > 1) {
            throw unsupported("prompt", "has several texts, which are one conversation to a chat. Send one at a time");
        }
        List<Part> parts = new ArrayList<>(List.of(new Part.Text(prompts.get(0))));
        Value suffix = body.member(SUFFIX);
        if (suffix != null && !suffix.text().isEmpty()) {
            parts.add(new Part.Other(DIALECT, SUFFIX, suffix.json(), Map.of()));
        }
        ChatContent.Builder content = ChatContent.builder()
                .messages(List.of(Message.of(Role.USER, parts)))
                .choices(answers)
                .maxOutputTokens(DEFAULT_LIMIT);
        Sampling.Builder sampling = Sampling.builder();
        Map<String, Json> hints = new LinkedHashMap<>();
        for (Map.Entry<String, Value> member : body.content().entrySet()) {
            member(member.getKey(), member.getValue(), content, sampling, hints);
        }
        return content.sampling(sampling.build()).hints(DIALECT, hints).build();
    }

    private void member(
            String name, Value value, ChatContent.Builder content, Sampling.Builder sampling, Map<String, Json> hints)
            throws JsonException, GatewayException {
        switch (name) {
            case "prompt", SUFFIX, "n", "echo", "stream_options" -> {}
            case "max_tokens" -> content.maxOutputTokens(limit(value));
            case "best_of" -> {
                if (value.integer() > answers) {
                    throw unsupported(name, "wants more answers than are shown, which no chat does. Leave it out");
                }
            }
            case "logprobs" -> {
                if (echo) {
                    throw unsupported(
                            name,
                            "with \"echo\" asks for those of the prompt, which no chat tells. Leave one of them out");
                }
                content.topLogprobs((int) between(value, 0, 20));
            }
            case "stop" -> content.stop(stop(value));
            case "temperature" -> sampling.temperature(value.number());
            case "top_p" -> sampling.topP(value.number());
            case "presence_penalty" -> sampling.presencePenalty(value.number());
            case "frequency_penalty" -> sampling.frequencyPenalty(value.number());
            case "seed" -> sampling.seed(value.integer());
            case "logit_bias" -> {
                Map<String, Double> biases = new LinkedHashMap<>();
                for (Map.Entry<String, Value> bias : value.members().entrySet()) {
                    biases.put(bias.getKey(), bias.getValue().number());
                }
                sampling.logitBias(biases);
            }
            case "user" -> content.user(value.text());
            default -> hints.put(name, value.json());
        }
    }

    private static long limit(Value value) throws JsonException, GatewayException {
        long most = value.integer();
        if (most < 0) {
            throw new JsonException(value.path(), "must not be negative");
        }
        if (most == 0) {
            throw unsupported("max_tokens", "is 0, which asks about the prompt alone, as no chat does");
        }
        return most;
    }

    private static List<String> stop(Value value) throws JsonException {
        if (value.isString()) {
            return List.of(value.text());
        }
        List<String> sequences = new ArrayList<>();
        for (Value one : value.elements()) {
            sequences.add(one.text());
        }
        return sequences;
    }

    private static GatewayException unsupported(String field, String why) {
        return RequestBody.unsupported(field, why + ", or name a provider that has completions itself.");
    }
}
