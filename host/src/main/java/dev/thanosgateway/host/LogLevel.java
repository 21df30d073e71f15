package dev.thanosgateway.host;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** The level of the gateway's own log, as {@code [server] log_level} says; {@code THANOS_LOG} goes before it. */
final class LogLevel {
    private static final String OURS = "dev.thanosgateway";

    private LogLevel() {}

    /** @param level trace, debug, info, warn or error */
    static void set(String level) {
        String environment = System.getenv("THANOS_LOG");
        boolean free = environment == null || environment.isBlank();
        if (free && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(OURS).setLevel(Level.toLevel(level, Level.INFO));
        }
    }
}
