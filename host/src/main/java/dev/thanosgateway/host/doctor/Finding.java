package dev.thanosgateway.host.doctor;

/**
 * One thing that is wrong. Neither sentence holds a secret.
 *
 * @param what is wrong, and where
 * @param mend what to do about it
 */
public record Finding(String what, String mend) {}
