package dev.thanosgateway.host.plugins;

import org.jspecify.annotations.Nullable;

/** Why a jar cannot be deployed: one sentence for people. */
final class PluginRefusal extends Exception {
    private static final long serialVersionUID = 1;

    /** What could make another attempt worth while. */
    enum Until {
        /** Another file, or other settings. */
        CHANGED,
        /** Any other change of the folder: not the jar itself failed, but one that uses its packages. */
        OTHERS_CHANGED,
        /** An operator's decision: something it declares belongs to another bundle. */
        SWITCHED,
        /** Whatever is deployed next: the jar is sound, only something it needs is not there yet. */
        SUPPLIED
    }

    private final Until until;
    private final transient Owners.@Nullable Claim claim;

    private PluginRefusal(String reason, Until until) {
        this(reason, until, null);
    }

    private PluginRefusal(String reason, Until until, Owners.@Nullable Claim claim) {
        super(reason, null, false, false);
        this.until = until;
        this.claim = claim;
    }

    static PluginRefusal of(String reason) {
        return new PluginRefusal(reason, Until.CHANGED);
    }

    static PluginRefusal waiting(String reason) {
        return new PluginRefusal(reason, Until.SUPPLIED);
    }

    /** @param claim what it cannot have until an operator switches */
    static PluginRefusal owned(Owners.Claim claim, String reason) {
        return new PluginRefusal(reason, Until.SWITCHED, claim);
    }

    /** What it waits for an operator to give it; null = that is not why. */
    Owners.@Nullable Claim claim() {
        return claim;
    }

    /** The refusal of a jar because of one that uses its packages. */
    static PluginRefusal because(String importer, PluginRefusal cause) {
        return new PluginRefusal(
                "with it, " + importer + ", which uses its packages, cannot go on: " + cause.reason(),
                cause.until == Until.SUPPLIED ? Until.SUPPLIED : Until.OTHERS_CHANGED);
    }

    Until until() {
        return until;
    }

    /** Whether it is tried again by itself. */
    boolean waits() {
        return until == Until.SUPPLIED;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
