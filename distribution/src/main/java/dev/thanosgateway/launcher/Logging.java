package dev.thanosgateway.launcher;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * The log: one line an event on stderr, ours from INFO, libraries' from WARN; {@code THANOS_LOG} sets the level of
 * ours. Set up in code because that starts faster than a file. Written by a thread of its own, so that a blocked pipe
 * never blocks a call: a full queue drops.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    /** A message keeps to its line, so that nothing a caller sends can look like another line. */
    private static final String PATTERN =
            "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} %-5level %logger{0}: %replace(%msg){'[\\r\\n]+', ' '}%n%ex";

    /** What gRPC warns of, with a stack trace, is a client's frames or messages. Held: loggers are forgotten else. */
    private static final java.util.logging.Logger FRAMES =
            java.util.logging.Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");

    private static final java.util.logging.Logger MESSAGES =
            java.util.logging.Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream");
    private static final java.util.logging.Logger CANCELLED =
            java.util.logging.Logger.getLogger("io.grpc.internal.ServerCallImpl");
    private static final java.util.logging.Logger RUN =
            java.util.logging.Logger.getLogger("io.grpc.internal.SerializingExecutor");

    private static final int QUEUE = 4096;

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();

        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("stderr");
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();

        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setName("queue");
        queue.setQueueSize(QUEUE);
        queue.setNeverBlock(true);
        queue.setDiscardingThreshold(0);
        queue.addAppender(console);
        queue.start();

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(queue);
        // What it says of a start that failed, the exception says too.
        context.getLogger("io.javalin.Javalin").setLevel(Level.OFF);
        context.getLogger("dev.thanosgateway").setLevel(Level.toLevel(System.getenv("THANOS_LOG"), Level.INFO));
        // A Host header that is none: the caller is told.
        context.getLogger("org.eclipse.jetty.util.HostPort").setLevel(Level.ERROR);
        context.getLogger("org.eclipse.jetty.http.HttpParser").setLevel(Level.ERROR);
        // gRPC logs here; its word for a client that went away is INFO.
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
        FRAMES.setLevel(java.util.logging.Level.SEVERE);
        MESSAGES.setLevel(java.util.logging.Level.SEVERE);
        CANCELLED.setLevel(java.util.logging.Level.SEVERE);
        // A message that is no protobuf: its sender is told by a status, which gRPC throws through its own executor.
        RUN.setFilter(record -> record.getThrown() == null
                || !record.getThrown().getClass().getName().equals("io.grpc.StatusRuntimeException"));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** From now on nothing is logged: a command tells by itself what it finds. */
    static void quiet() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
            context.getLogger("dev.thanosgateway").setLevel(Level.OFF);
        }
    }

    /** Writes what is still queued. */
    static void end() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
