package dev.thanosgateway.launcher;

/** A reason not to start that the user can mend: its message is one sentence for them. Exit code 2. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message, null, false, false);
    }
}
