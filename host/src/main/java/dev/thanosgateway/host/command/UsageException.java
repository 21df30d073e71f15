package dev.thanosgateway.host.command;

/** A command that cannot be done and that the user can mend: its message is one sentence for them. Exit code 2. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message, null, false, false);
    }
}
