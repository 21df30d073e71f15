package dev.thanosgateway.dialect.anthropic;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How models of this API depart from each other, told by their names ({@code claude-3-7-sonnet-20250219},
 * {@code claude-opus-4-6}), since the API refuses what a model has not learnt. A Claude without a number is taken for
 * the newest; another vendor's model behind this API for one of the form before Claude 4.6. Dated: November 2026, the
 * thinking, effort, structured outputs and models pages of Anthropic's documentation.
 */
final class ModelTraits {
    private static final Pattern CLAUDE =
            Pattern.compile("claude-(?:([a-z]+)(?:-|$))?(?:(\\d+)(?:[-.](\\d{1,2})(?!\\d))?)?");
    private static final int NEWEST = 9900;

    /** How much a model thinks is said in different words. */
    enum Thinking {
        /** Not at all. */
        NONE,
        /** By a number of tokens. */
        BUDGET,
        /** By a word; the model chooses the number. */
        EFFORT
    }

    private final boolean claude;
    private final String family;
    private final int version;

    private ModelTraits(boolean claude, String family, int version) {
        this.claude = claude;
        this.family = family;
        this.version = version;
    }

    static ModelTraits of(String model) {
        Matcher name = CLAUDE.matcher(model.toLowerCase(Locale.ROOT));
        if (!name.find()) {
            return new ModelTraits(false, "", 0);
        }
        String family = name.group(1) == null ? "" : name.group(1);
        int major = name.group(2) == null || name.group(2).length() > 2 ? -1 : Integer.parseInt(name.group(2));
        int minor = name.group(3) == null ? 0 : Integer.parseInt(name.group(3));
        return new ModelTraits(true, family, major < 0 ? NEWEST : major * 100 + minor);
    }

    Thinking thinking() {
        if (claude && version < 307) {
            return Thinking.NONE;
        }
        return claude && version >= 406 ? Thinking.EFFORT : Thinking.BUDGET;
    }

    /** Whether it can be told not to think. */
    boolean canBeThoughtless() {
        return !family.equals("fable") && !family.equals("mythos");
    }

    /** Whether it knows efforts above high by their names. */
    boolean knowsExtraHigh() {
        return version >= 407;
    }

    /** Whether temperature, top_p and top_k may be said. */
    boolean samples() {
        return !claude || version < 407;
    }

    /** Whether temperature and top_p may be said both. */
    boolean samplesTwice() {
        return !claude || version < 401;
    }

    /** Whether answers, and tools' arguments, can be held to a schema. */
    boolean holdsToSchemas() {
        return claude && (version >= 405 || (version == 401 && family.equals("opus")));
    }

    /** The highest limit on an answer that can be asked for where it thinks by a budget. Tokens. */
    long highestLimit() {
        if (!claude) {
            return Long.MAX_VALUE;
        }
        return family.equals("opus") && version < 405 ? 32_000 : 64_000;
    }

    /** The limit on an answer, which this API wants to be told, where the caller sets none. Tokens. */
    long defaultLimit() {
        if (!claude) {
            return 8192;
        }
        return version < 305 ? 4096 : version < 307 ? 8192 : 32_000;
    }
}
