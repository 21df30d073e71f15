package dev.thanosgateway.e2e;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A vendor that refuses what the real one refuses of a model. Written from the vendors' pages and their refusals as
 * public issues quote them (November 2026), and not from the catalogue that ships: the two check each other. What is not
 * refused is answered by {@code rest}.
 */
final class VendorRules implements FakeUpstream.Script {
    /** Ends each refusal. */
    static final String MARK = "(the vendor)";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern REASONS = Pattern.compile("(?:.*/)?(?:o[134](?:-mini)?|gpt-[56](?:\\..*|-.*)?)");
    private static final Pattern TOOLS_AT_RESPONSES = Pattern.compile("gpt-(?:5\\.[456]|6).*");
    private static final Pattern CLAUDE_WITHOUT_PREFILL =
            Pattern.compile("claude-(?:opus|sonnet)-4-[678].*|claude-(?:opus|sonnet|fable|mythos)-5.*");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Pattern CLAUDE_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
    private static final Pattern GEMINI_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}");
    private static final Set<String> CLAUDE_IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    /** Whose rules. */
    enum Vendor {
        OPENAI,
        COMPATIBLE,
        DEEPSEEK,
        GOOGLE,
        MISTRAL,
        XAI,
        ANTHROPIC,
        GEMINI,
        OLLAMA
    }

    private final Vendor vendor;
    private final FakeUpstream.Script rest;

    VendorRules(Vendor vendor, FakeUpstream.Script rest) {
        this.vendor = vendor;
        this.rest = rest;
    }

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        String refusal = call.request().line().startsWith("POST ")
                ? refusal(call.request().path(), JSON.readTree(call.request().body()))
                : null;
        if (refusal == null) {
            rest.answer(call);
            return;
        }
        String body = switch (vendor) {
            case ANTHROPIC -> "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"%s\"}}";
            case GEMINI -> "{\"error\":{\"code\":400,\"message\":\"%s\",\"status\":\"INVALID_ARGUMENT\"}}";
            case OLLAMA -> "{\"error\":\"%s\"}";
            default ->
                "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}";
        };
        call.json(400, body.formatted(refusal.replace("\"", "'") + ' ' + MARK));
    }

    private @Nullable String refusal(String path, JsonNode body) {
        return switch (vendor) {
            case ANTHROPIC -> anthropic(body);
            case GEMINI -> gemini(path, body);
            case OLLAMA ->
                !model(body).startsWith("thinker")
                                && body.path("think")
                                        .asBoolean(body.path("think").isString())
                        ? "\"" + model(body) + "\" does not support thinking"
                        : null;
            default -> path.endsWith("/responses") ? responses(body) : chat(body);
        };
    }

    private static String model(JsonNode body) {
        return body.path("model").asString("");
    }

    private @Nullable String chat(JsonNode body) {
        String model = model(body);
        boolean reasons = REASONS.matcher(model).matches();
        if (vendor == Vendor.OPENAI && TOOLS_AT_RESPONSES.matcher(model).matches() && body.has("tools")) {
            return "Function tools are not supported for " + model + " in /v1/chat/completions. Use /v1/responses.";
        }
        if (reasons && body.has("max_tokens")) {
            return "Unsupported parameter: 'max_tokens' is not supported with this model.";
        }
        if (vendor != Vendor.OPENAI && vendor != Vendor.XAI && !reasons && body.has("max_completion_tokens")) {
            return "max_completion_tokens: extra fields not permitted";
        }
        if (vendor == Vendor.MISTRAL && body.has("stream_options")) {
            return "stream_options: extra fields not permitted";
        }
        if (body.path("user").asString("").length() > 64) {
            return "Invalid 'user': string too long. Expected at most 64 characters.";
        }
        String wrong = reasons ? sampling(body, "temperature", "top_p", "presence_penalty", "stop", "logprobs") : null;
        wrong = wrong == null && vendor == Vendor.XAI && model.startsWith("grok-4")
                ? sampling(body, "presence_penalty", "frequency_penalty", "stop")
                : wrong;
        wrong = wrong == null ? effort(model, body.path("reasoning_effort").asString(null)) : wrong;
        wrong = wrong == null ? tools(body) : wrong;
        wrong = wrong == null ? form(body.path("response_format"), body.path("messages")) : wrong;
        return wrong == null ? messages(model, body) : wrong;
    }

    private @Nullable String form(JsonNode format, JsonNode conversation) {
        String type = format.path("type").asString("");
        if (type.equals("json_schema") && vendor == Vendor.DEEPSEEK) {
            return "This response_format type is unavailable now";
        }
        boolean named = vendor == Vendor.OPENAI || vendor == Vendor.DEEPSEEK;
        return named
                        && type.equals("json_object")
                        && !conversation.toString().toLowerCase(Locale.ROOT).contains("json")
                ? "'messages' must contain the word 'json' in some form, to use 'json_object'."
                : null;
    }

    private static @Nullable String sampling(JsonNode body, String... fields) {
        for (String field : fields) {
            if (body.has(field)) {
                return "Unsupported parameter: '" + field + "' is not supported with this model.";
            }
        }
        return null;
    }

    private @Nullable String effort(String model, @Nullable String effort) {
        if (effort == null) {
            return null;
        }
        boolean fixed = model.startsWith("gpt-4")
                || (vendor == Vendor.XAI && model.startsWith("grok-4-"))
                || (vendor == Vendor.MISTRAL && model.startsWith("mistral-small-2409"));
        if (fixed) {
            return "Unrecognized request argument supplied: reasoning_effort";
        }
        boolean off = effort.equals("none")
                && !model.matches("(?:.*/)?gpt-5\\.[1-6].*|grok-4\\.3.*|deepseek-v4.*|gemini-2\\.5-flash");
        boolean least = effort.equals("minimal")
                && !model.matches("(?:.*/)?gpt-5(?:-mini|-nano)?|llama.*|gemini-(?:2|3)\\.5-flash");
        return off || least ? "Unsupported value: 'reasoning_effort' does not support '" + effort + "'." : null;
    }

    private @Nullable String tools(JsonNode body) {
        for (JsonNode tool : body.path("tools")) {
            JsonNode name = tool.has("function") ? tool.path("function").path("name") : tool.path("name");
            if (!name.isMissingNode()
                    && !(vendor == Vendor.GOOGLE ? GEMINI_NAME : NAME)
                            .matcher(name.asString(""))
                            .matches()) {
                return "Invalid 'tools[0].function.name': string does not match pattern, or has more than 64 characters.";
            }
        }
        return null;
    }

    private static @Nullable String image(JsonNode url) {
        String said = url.asString("");
        boolean known = !said.startsWith("data:") || said.matches("data:image/(?:png|jpeg|gif|webp);base64,.*");
        return known ? null : "You uploaded an unsupported image. Supported are png, jpeg, gif and webp.";
    }

    private @Nullable String messages(String model, JsonNode body) {
        Set<String> ids = new HashSet<>();
        String last = "";
        for (JsonNode message : body.path("messages")) {
            String role = message.path("role").asString("");
            last = role;
            for (JsonNode part : message.path("content")) {
                String wrong = image(part.path("image_url").path("url"));
                if (wrong != null) {
                    return wrong;
                }
                if (vendor == Vendor.OPENAI && role.equals("tool") && part.has("image_url")) {
                    return "Invalid 'messages[2]'. Image URLs are only allowed for messages with role 'user'.";
                }
            }
            if (role.equals("developer") && vendor != Vendor.OPENAI) {
                return "messages[0].role: unknown variant `developer`, expected system, user, assistant or tool";
            }
            if (message.has("reasoning_content") && (vendor == Vendor.OPENAI || vendor == Vendor.MISTRAL)) {
                return "Unrecognized request argument: messages[1].reasoning_content";
            }
            boolean calls = message.has("tool_calls");
            if (vendor == Vendor.DEEPSEEK && calls && !message.has("reasoning_content")) {
                return "The reasoning_content in the thinking mode must be passed back to the API.";
            }
            boolean signed = message.path("tool_calls").path(0).toString().contains("thought_signature");
            if (vendor == Vendor.GOOGLE && calls && !signed && model.startsWith("gemini-3")) {
                return "Function call is missing a thought_signature in functionCall parts.";
            }
            for (JsonNode call : message.path("tool_calls")) {
                String id = call.path("id").asString("");
                if (vendor == Vendor.MISTRAL && !id.matches("[a-zA-Z0-9]{9}")) {
                    return "Tool call id was " + id + " but must be a-z, A-Z, 0-9, with a length of 9.";
                }
                if (id.isEmpty() || (vendor == Vendor.OPENAI && id.length() > 40) || !ids.add(id)) {
                    return "Invalid 'messages[1].tool_calls[0].id': empty, repeated, or more than 40 characters.";
                }
            }
            if (role.equals("tool")
                    && !ids.contains(message.path("tool_call_id").asString(""))) {
                return "Invalid parameter: 'tool_call_id' is the id of no call in the messages before it.";
            }
        }
        return vendor == Vendor.MISTRAL && last.equals("assistant")
                ? "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant"
                : null;
    }

    private @Nullable String responses(JsonNode body) {
        String model = model(body);
        String wrong = sampling(body, "stop", "presence_penalty", "max_tokens", "seed");
        wrong = wrong == null && REASONS.matcher(model).matches() ? sampling(body, "temperature", "top_p") : wrong;
        wrong = wrong == null
                ? effort(model, body.path("reasoning").path("effort").asString(null))
                : wrong;
        for (JsonNode item : body.path("input")) {
            for (JsonNode part : item.path("content")) {
                wrong = wrong == null ? image(part.path("image_url")) : wrong;
            }
        }
        if (body.path("user").asString("").length() > 64) {
            return "Invalid 'user': string too long. Expected at most 64 characters.";
        }
        wrong = wrong == null ? tools(body) : wrong;
        return wrong == null ? form(body.path("text").path("format"), body.path("input")) : wrong;
    }

    private static @Nullable String anthropic(JsonNode body) {
        String model = model(body);
        boolean newest = model.matches("claude-opus-4-[78].*|claude-(?:opus|sonnet|fable|mythos)-5.*");
        if (newest && (body.has("temperature") || body.has("top_p") || body.has("top_k"))) {
            return "temperature, top_p and top_k are deprecated for this model.";
        }
        if (body.has("temperature") && body.has("top_p")) {
            return "`temperature` and `top_p` cannot both be specified for this model.";
        }
        String thinking = body.path("thinking").path("type").asString("");
        boolean always = model.startsWith("claude-fable") || model.startsWith("claude-mythos");
        boolean byBudget = model.matches("claude-(?:haiku|opus|sonnet)-4-5.*");
        if ((newest && thinking.equals("enabled"))
                || (always && thinking.equals("disabled"))
                || (byBudget && thinking.equals("adaptive"))) {
            return "\"thinking.type." + thinking + "\" is not supported for this model.";
        }
        String choice = body.path("tool_choice").path("type").asString("auto");
        boolean forced = choice.equals("any") || choice.equals("tool");
        if (forced && model.matches("claude-(?:fable|mythos)-5-[12].*")) {
            return "tool_choice forces tool use, which is not supported for this model.";
        }
        for (JsonNode tool : body.path("tools")) {
            if (!CLAUDE_NAME.matcher(tool.path("name").asString("")).matches()) {
                return "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'";
            }
        }
        return blocks(model, body.path("messages"));
    }

    private static @Nullable String blocks(String model, JsonNode messages) {
        String last = "";
        for (JsonNode message : messages) {
            last = message.path("role").asString("");
            String alone = message.path("content").asString(null);
            if (alone != null && alone.isBlank()) {
                return "messages: text content blocks must contain non-whitespace text";
            }
            for (JsonNode block : message.path("content")) {
                if (block.path("type").asString("").equals("text")
                        && block.path("text").asString("").isBlank()) {
                    return "messages: text content blocks must contain non-whitespace text";
                }
                String type = block.path("source").path("media_type").asString("image/png");
                if (!CLAUDE_IMAGES.contains(type)) {
                    return "messages.0.content.0.source.media_type: Input should be 'image/jpeg'";
                }
            }
        }
        return last.equals("assistant") && CLAUDE_WITHOUT_PREFILL.matcher(model).matches()
                ? "This model does not support assistant message prefill. The conversation must end with a user message."
                : null;
    }

    private static @Nullable String gemini(String path, JsonNode body) {
        JsonNode thinking = body.path("generationConfig").path("thinkingConfig");
        boolean third = path.contains("gemini-3");
        if (third ? thinking.has("thinkingBudget") : thinking.has("thinkingLevel")) {
            return "Thinking level is not supported for this model, or the other way round.";
        }
        long budget = thinking.path("thinkingBudget").asLong(-1);
        if (path.contains("2.5-pro") && budget >= 0 && budget < 128) {
            return "The thinking budget " + budget + " is invalid. Please choose a value between 128 and 32768.";
        }
        if (path.contains("gemini-3-pro")
                && thinking.path("thinkingLevel").asString("").equals("minimal")) {
            return "Thinking level MINIMAL is not supported for this model.";
        }
        for (JsonNode tool : body.path("tools").path(0).path("functionDeclarations")) {
            if (!GEMINI_NAME.matcher(tool.path("name").asString("")).matches()) {
                return "Invalid function name. Must start with a letter or an underscore.";
            }
        }
        for (JsonNode content : body.path("contents")) {
            for (JsonNode part : content.path("parts")) {
                if (!third && part.path("functionResponse").has("parts")) {
                    return "Multimodal function responses are not supported for this model.";
                }
                if (part.path("inlineData").path("mimeType").asString("").equals("image/jpg")) {
                    return "Unsupported MIME type: image/jpg";
                }
            }
        }
        return null;
    }
}
