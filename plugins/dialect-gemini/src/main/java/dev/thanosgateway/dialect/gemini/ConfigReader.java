package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Sampling;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code generationConfig}. For one request. */
final class ConfigReader {
    private final ChatContent.Builder content;
    private final Sampling.Builder sampling = Sampling.builder();
    private final Map<String, Json> others = new LinkedHashMap<>();
    private boolean logprobs;
    private int topLogprobs;
    private @Nullable Field mimeType;
    private @Nullable Json schema;
    private @Nullable Field schemaField;

    ConfigReader(ChatContent.Builder content) {
        this.content = content;
    }

    /** @return what the model has no word for */
    Map<String, Json> read(Field config) throws GatewayException {
        for (Map.Entry<String, Field> member : config.members().entrySet()) {
            member(member.getKey(), member.getValue());
        }
        content.sampling(sampling.build());
        if (logprobs) {
            content.topLogprobs(topLogprobs);
        }
        format();
        return others;
    }

    private void member(String name, Field value) throws GatewayException {
        switch (name) {
            case "temperature" -> sampling.temperature(value.number());
            case "topP" -> sampling.topP(value.number());
            case "topK" -> sampling.topK((int) value.number());
            case "seed" -> sampling.seed(value.integer());
            case "presencePenalty" -> sampling.presencePenalty(value.number());
            case "frequencyPenalty" -> sampling.frequencyPenalty(value.number());
            case "maxOutputTokens" -> content.maxOutputTokens(value.integer());
            case "candidateCount" -> content.choices(Math.max(1, value.small()));
            case "stopSequences" -> content.stop(value.texts());
            case "responseLogprobs" -> logprobs = value.bool();
            case "logprobs" -> topLogprobs = value.small();
            case "responseMimeType" -> mimeType = value;
            case "responseSchema" -> {
                schema = Trees.json(SchemaReader.read(value.node()));
                schemaField = value;
            }
            case "responseJsonSchema", "_responseJsonSchema" -> {
                schema = value.json();
                schemaField = value;
            }
            case "thinkingConfig" -> thinking(value);
            case "responseModalities" -> {
                for (Field modality : value.elements()) {
                    if (!modality.text().toUpperCase(Locale.ROOT).matches("TEXT|MODALITY_UNSPECIFIED")) {
                        throw value.unsupported();
                    }
                }
            }
            case "responseFormat", "speechConfig", "imageConfig" -> throw value.unsupported();
            default -> others.put(name, value.json());
        }
    }

    private void format() throws GatewayException {
        Field said = mimeType;
        Json wanted = schema;
        switch (said == null ? "" : said.text()) {
            case "application/json" ->
                content.responseFormat(
                        wanted == null
                                ? new ResponseFormat.JsonObject()
                                : new ResponseFormat.JsonSchema("response", null, wanted, null));
            case "", "text/plain" -> {
                Field unused = schemaField;
                if (unused != null) {
                    throw unused.invalid("needs \"responseMimeType\": \"application/json\" beside it");
                }
            }
            default -> {
                if (said != null) {
                    throw said.unsupported();
                }
            }
        }
    }

    /** A budget of -1 leaves it to the model. */
    private void thinking(Field value) throws GatewayException {
        Map<String, Field> members = value.members();
        Field budget = members.get("thinkingBudget");
        Field level = members.get("thinkingLevel");
        Field include = members.get("includeThoughts");
        Reasoning reasoning = null;
        if (level != null && !level.text().equals("THINKING_LEVEL_UNSPECIFIED")) {
            reasoning = Reasoning.effort(level.text().toLowerCase(Locale.ROOT));
        } else if (budget != null) {
            reasoning = budget.integer() < 0 ? Reasoning.dynamic() : Reasoning.budget(budget.integer());
        }
        if (reasoning != null) {
            content.reasoning(reasoning.withVisible(include == null ? null : include.bool()));
        } else {
            others.put("thinkingConfig", value.json());
        }
    }
}
