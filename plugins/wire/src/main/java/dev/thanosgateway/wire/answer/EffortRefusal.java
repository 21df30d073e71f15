package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Recognises a vendor's refusal of nothing but an effort or thinking, by its words: few have a code for it. OpenAI says
 * {@code Unrecognized request argument supplied: reasoning_effort} and {@code Unsupported parameter:
 * 'reasoning.effort'}, Ollama {@code "llama3.2" does not support thinking}, Anthropic {@code This model does not support
 * the effort parameter}, Google {@code Thinking level is not supported for this model}, FastAPI's servers
 * {@code Extra inputs are not permitted} beside the field.
 */
public final class EffortRefusal {
    /** The parameter of such a failure, by its name in OpenAI's chat language; the host looks for it. */
    public static final String FIELD = "reasoning_effort";

    private static final Pattern SUBJECT = Pattern.compile(
            "reasoning[_.]effort|\\beffort parameter|\\bthink(ing)?\\b|thinking[_ ]?(config|level|budget)");

    private static final Pattern REFUSED = Pattern.compile(
            "not support|unsupported|unrecognized|unknown (name|field|parameter|argument)|unexpected (field|parameter"
                    + "|keyword)|extra inputs are not permitted|not allowed|not available");

    private EffortRefusal() {}

    /** The failure, with the parameter {@link #FIELD} if it is such a refusal. */
    public static GatewayException marked(GatewayException failure) {
        ErrorKind kind = failure.kind();
        if (kind != ErrorKind.INVALID_REQUEST && kind != ErrorKind.UNSUPPORTED) {
            return failure;
        }
        String words = failure.message().toLowerCase(Locale.ROOT);
        String parameter = failure.parameter();
        boolean concerns = SUBJECT.matcher(words).find()
                || (parameter != null && parameter.startsWith("reasoning"))
                || "thinking".equals(parameter);
        return concerns && REFUSED.matcher(words).find() ? failure.withParameter(FIELD) : failure;
    }
}
