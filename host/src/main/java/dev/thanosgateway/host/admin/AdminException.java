package dev.thanosgateway.host.admin;

/** A command that could not be done. Its message says why, and what to do, to the one who gave it. */
public final class AdminException extends Exception {
    private static final long serialVersionUID = 1;

    public AdminException(String message) {
        super(message, null, false, false);
    }
}
