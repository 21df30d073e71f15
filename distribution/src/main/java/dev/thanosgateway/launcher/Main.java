package dev.thanosgateway.launcher;

import dev.thanosgateway.host.command.CommandLine;
import dev.thanosgateway.host.command.Commands;
import dev.thanosgateway.host.command.Shell;
import dev.thanosgateway.host.command.UsageException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;

/**
 * Starts the gateway, or does what another command asks for. Exit codes: 0 stopped as asked, 2 a reason the user can
 * mend (one sentence on stderr), 1 a defect (with its stack trace); commands have their own beside them.
 */
public final class Main {
    static final int MENDABLE = 2;
    static final int DEFECT = 1;
    /** How long shutdown hooks may take. */
    private static final long HOOKS_MILLIS = 2_000;

    private Main() {}

    public static void main(String[] words) {
        int code;
        try {
            code = run(words);
        } catch (StartException | UsageException e) {
            System.err.println("thanos: " + e.getMessage());
            code = MENDABLE;
        } catch (BundleException | IOException | RuntimeException e) {
            e.printStackTrace();
            code = DEFECT;
        } catch (InterruptedException e) {
            code = DEFECT;
        }
        Logging.end();
        System.out.flush();
        exit(code);
    }

    /** Not the end of main, nor the exit alone: neither a plugin's thread nor its shutdown hook keeps the process alive. */
    private static void exit(int code) {
        Thread.ofPlatform().daemon().name("exit").start(() -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(HOOKS_MILLIS));
            Runtime.getRuntime().halt(code);
        });
        System.exit(code);
    }

    private static int run(String[] words)
            throws StartException, UsageException, BundleException, IOException, InterruptedException {
        CommandLine asked = CommandLine.parse(version(), words);
        if (!asked.print().isEmpty()) {
            System.out.print(asked.print());
            return 0;
        }
        Path config = asked.option("config").map(Path::of).orElse(null);
        return switch (asked.verb()) {
            case SERVE ->
                serve(Installation.find(), config, asked.option("safe").isPresent());
            case DOCTOR -> {
                Installation installation = Installation.find();
                String examined = System.getProperty(Examined.FILE);
                yield examined == null
                        ? new Checkup(installation, shell(), config).run()
                        : new Examined(installation, shell().state(), config).into(Path.of(examined));
            }
            case CHAT, CONFIG, EXPLAIN, MODELS, PLUGINS, RELOAD, ROUTE -> new Commands(shell()).run(asked);
        };
    }

    private static int serve(Installation installation, @Nullable Path config, boolean safe)
            throws StartException, BundleException, IOException, InterruptedException {
        List<Path> bundles = installation.bundles();
        try (StateFolder state = StateFolder.open(StateFolder.path(System.getenv()), installation.room())) {
            Platform platform =
                    Platform.of(installation, state, config, safe ? Map.of("thanos.safe", "true") : Map.of());
            // From here on, so that a signal during a slow start is not lost.
            CountDownLatch stop = new CountDownLatch(1);
            Signals.first(stop::countDown);
            try {
                platform.start(bundles);
                stop.await();
            } finally {
                platform.stop();
            }
        }
        return 0;
    }

    /** What people and models write is UTF-8, whatever the terminal's locale is said to be. */
    private static Shell shell() throws StartException {
        return new Shell(
                Installation.find().plugins(),
                StateFolder.path(System.getenv()),
                Path.of("").toAbsolutePath(),
                System.getenv(),
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Boolean.getBoolean("thanos.terminal"),
                Signals::interrupts);
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }
}
