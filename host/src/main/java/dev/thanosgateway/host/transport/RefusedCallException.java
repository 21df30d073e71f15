package dev.thanosgateway.host.transport;

/** A call that a plugin must not make; the message is one clause that says why. Nothing was sent. */
public final class RefusedCallException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    RefusedCallException(String why) {
        super(why);
    }
}
