package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.request.SchemaWords;
import org.jspecify.annotations.Nullable;

/**
 * How the form of an answer is asked for: held to a schema where the model can be, else by {@link AnswerTool}, else,
 * beside other tools, where the answer is no object, or where no call can be forced, in words.
 *
 * @param schema to hold the answer to
 * @param tool the arguments of {@link AnswerTool}
 * @param words a further instruction
 */
record OutputPlan(
        @Nullable Json schema,
        @Nullable Json tool,
        @Nullable String words) {
    private static final OutputPlan FREE = new OutputPlan(null, null, null);

    static OutputPlan of(ChatContent content, ModelTraits traits) throws JsonException {
        ResponseFormat format = content.responseFormat();
        if (format instanceof ResponseFormat.JsonSchema asked) {
            if (traits.flag(Trait.SCHEMAS, false)) {
                return new OutputPlan(Schemas.strict(asked.schema()), null, null);
            }
            return free(content, traits) && SchemaWords.isOfObject(asked.schema())
                    ? new OutputPlan(null, asked.schema(), null)
                    : new OutputPlan(null, null, SchemaWords.matching(asked.schema()));
        }
        if (format instanceof ResponseFormat.JsonObject) {
            // A schema here must name every property, so none means "any object".
            return free(content, traits)
                    ? new OutputPlan(null, new Json("{\"type\":\"object\"}"), null)
                    : new OutputPlan(null, null, SchemaWords.anyObject());
        }
        return FREE;
    }

    private static boolean free(ChatContent content, ModelTraits traits) {
        boolean alone = content.tools().isEmpty() || content.toolChoice() instanceof ToolChoice.None;
        return alone && traits.flag(Trait.FORCED_TOOLS, true);
    }
}
