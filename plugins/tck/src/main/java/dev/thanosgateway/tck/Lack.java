package dev.thanosgateway.tck;

/** What an answer may hold and a language may have no counterpart for. */
public enum Lack {
    /** Answers after the first. */
    CHOICES,
    /** The order of a whole answer's parts of different kinds, and the borders between those of one kind. */
    ORDER,
    /** What proves a thought. */
    SIGNATURES,
    /** Thoughts only their vendor can read. */
    REDACTED_REASONING,
    /** That words are a refusal. */
    REFUSALS,
    /** Pictures. */
    PICTURES,
    /** Log probabilities. */
    LOGPROBS,
    /** Log probabilities of a refusal. */
    REFUSAL_LOGPROBS,
    /** The sequence that ended an answer. */
    STOP_SEQUENCES,
    /** A call's arguments that are no JSON object, and none at all. */
    FREE_ARGUMENTS,
    /** How a call's arguments are spelled: white space, escapes. */
    SPELLING,
    /** The model that really answers: the language gives back the name that was asked for. */
    SERVED_MODEL,
    /** An answer's own id. */
    IDS,
    /** When an answer began. */
    CREATED,
    /** That an upstream counted nothing. */
    NO_COUNTS,
    /** Tokens read from a cache and written to it. */
    CACHE_COUNTS,
    /** Tokens written to a cache. */
    CACHE_WRITE_COUNTS,
    /** Tokens spent on reasoning. */
    REASONING_COUNTS
}
