package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Recognises a vendor's refusal of an effort or of thinking as such, by its words: few have a code for it. A refused
 * value, budget or combination with another field is none, since the model takes other ones. The sentences must begin
 * the message and are known word by word, so that a text of the caller's that a refusal quotes is not taken for one.
 */
public final class EffortRefusal {
    /** The parameter of such a failure, by its name in OpenAI's chat language; the host looks for it. */
    public static final String FIELD = "reasoning_effort";

    private static final String NAMES = "(reasoning([_.]effort)?|think(ing)?|output_config(\\.effort)?)";
    private static final String QUOTE = "['`\"]?";
    private static final String ON_THIS = " (for|by|with|on) this model";

    private static final List<Pattern> SENTENCES = List.of(
            // OpenAI; its "Unsupported value" is the refusal of one word.
            sentence("unrecognized request arguments? supplied: " + NAMES),
            sentence("(unsupported|unknown|unrecognized|unexpected) (parameter|argument|field|keyword argument):? "
                    + QUOTE + NAMES + QUOTE),
            // Groq, Together.
            sentence(QUOTE + NAMES + QUOTE + " is not supported" + ON_THIS),
            sentence("unknown/unsupported parameter\\(s\\):? " + QUOTE + NAMES),
            // LiteLLM, which puts the names of its classes before.
            sentence("(litellm\\.\\w+: )*\\S+ does not support parameters: \\['" + NAMES + "'\\]"),
            // Anthropic.
            sentence("this model does not support the effort parameter"),
            sentence("(adaptive |extended )?thinking is not supported" + ON_THIS),
            // Ollama and Anthropic, which name the model.
            sentence("(\"[^\"]{1,200}\"|'[^']{1,200}') does not support thinking\\.?$"),
            // Google.
            sentence("(unable to submit request because )?thinking([_ ]?(config|level|budget))? is not supported"
                    + ON_THIS),
            sentence("invalid json payload received\\. unknown name \"thinking(_?(config|level|budget))?\" at "),
            // Servers made with FastAPI.
            sentence("(body\\.)?" + NAMES + ": extra inputs are not permitted"),
            sentence("\\[\\{'type': 'extra_forbidden', 'loc': \\('body', '" + NAMES + "'\\)"));

    private EffortRefusal() {}

    private static Pattern sentence(String words) {
        return Pattern.compile(words);
    }

    /** The failure, as UNSUPPORTED with the parameter {@link #FIELD} if it is such a refusal. */
    public static GatewayException marked(GatewayException failure) {
        ErrorKind kind = failure.kind();
        if (kind != ErrorKind.INVALID_REQUEST && kind != ErrorKind.UNSUPPORTED) {
            return failure;
        }
        String words = failure.message().toLowerCase(Locale.ROOT).strip();
        if (SENTENCES.stream().noneMatch(sentence -> sentence.matcher(words).lookingAt())) {
            return failure;
        }
        return new GatewayException(ErrorKind.UNSUPPORTED, failure.message(), failure.getCause())
                .withParameter(FIELD)
                .withCode(failure.code())
                .withRetryAfter(failure.retryAfter())
                .withUpstreamStatus(failure.upstreamStatus());
    }
}
