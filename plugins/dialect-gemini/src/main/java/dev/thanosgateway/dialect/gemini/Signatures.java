package dev.thanosgateway.dialect.gemini;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose a proof of reasoning is. One vendor refuses another's, and a conversation may go from one to the other: Gemini's
 * thought signatures carry a mark outside this language, and others' carry one inside it, where they must look like the
 * base64 that Google's clients decode.
 */
final class Signatures {
    /** What Gemini takes in place of a signature that is not to be had. */
    static final String NONE = "skip_thought_signature_validator";

    private static final String OWN = "gemini:";
    private static final String FOREIGN = "foreign:";
    /** What every base64 text of {@link #FOREIGN} and more begins with. */
    private static final String FOREIGN_BASE64 = "Zm9yZWlnbj";

    private static final Pattern FOREIGN_FIELD =
            Pattern.compile("(\"thought(?:Signature|_signature)\"\\s*:\\s*\")" + FOREIGN_BASE64 + "[^\"]*\"");

    private Signatures() {}

    /** What {@code thoughtSignature} is outside this language. */
    static String read(String thoughtSignature) {
        if (thoughtSignature.startsWith(FOREIGN_BASE64)) {
            try {
                String plain = new String(Base64.getDecoder().decode(thoughtSignature), StandardCharsets.UTF_8);
                if (plain.startsWith(FOREIGN)) {
                    return plain.substring(FOREIGN.length());
                }
            } catch (IllegalArgumentException e) {
                // No mark of ours, then: the vendor's own, whatever it looks like.
            }
        }
        return OWN + thoughtSignature;
    }

    /** The {@code thoughtSignature} to send to Gemini; null = it is not Gemini's. */
    static @Nullable String own(@Nullable String signature) {
        return signature != null && signature.startsWith(OWN) ? signature.substring(OWN.length()) : null;
    }

    /** The {@code thoughtSignature} a client keeps for its next turn, whoever's it is. */
    static String write(String signature) {
        String own = own(signature);
        return own != null
                ? own
                : Base64.getEncoder().encodeToString((FOREIGN + signature).getBytes(StandardCharsets.UTF_8));
    }

    /** The request's bytes without others' signatures, for Gemini itself. */
    static byte[] withoutForeign(byte[] body) {
        if (!has(body, ('"' + FOREIGN_BASE64).getBytes(StandardCharsets.US_ASCII))) {
            return body;
        }
        Matcher foreign = FOREIGN_FIELD.matcher(new String(body, StandardCharsets.ISO_8859_1));
        return foreign.replaceAll("$1" + NONE + "\"").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean has(byte[] body, byte[] wanted) {
        for (int at = 0; at <= body.length - wanted.length; at++) {
            if (body[at] == wanted[0] && Arrays.equals(body, at, at + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
