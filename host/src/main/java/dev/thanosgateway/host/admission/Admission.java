package dev.thanosgateway.host.admission;

/**
 * Lets a chat in or refuses it, before its body is read. Every front end asks the same one, once for each call, after
 * the caller's key has been checked. Called from many threads at once, never blocks.
 */
@FunctionalInterface
public interface Admission {
    /** Lets everybody in. */
    Admission OPEN = caller -> Verdict.OPEN;

    /** Takes one request from what the caller may ask, if there is any left; a refused one takes nothing. */
    Verdict admit(Caller caller);
}
