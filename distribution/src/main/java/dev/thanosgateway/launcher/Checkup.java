package dev.thanosgateway.launcher;

import dev.thanosgateway.host.admin.Instance;
import dev.thanosgateway.host.command.Shell;
import dev.thanosgateway.host.doctor.Doctor;
import dev.thanosgateway.host.doctor.Finding;
import dev.thanosgateway.host.doctor.Site;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code thanos doctor}: looks at everything, the second half through a gateway that is started but serves nobody. */
final class Checkup {
    private static final int NOTHING = 0;
    private static final int SOMETHING = 1;
    private static final int MOST_TRIES = 5;
    private static final long EXAMINATION_SECONDS = 120;

    private final Installation installation;
    private final Shell shell;
    private final @Nullable Path config;

    /** @param config the file of {@code --config}; null = the usual places */
    Checkup(Installation installation, Shell shell, @Nullable Path config) {
        this.installation = installation;
        this.shell = shell;
        this.config = config;
    }

    /** @return the exit code */
    int run() throws IOException, InterruptedException {
        Logging.quiet();
        List<Instance> running = Instance.all(shell.state());
        Doctor doctor = new Doctor(
                new Site(shell.plugins(), shell.state(), shell.working(), config, shell.environment(), running));
        PrintStream out = shell.out();
        out.println("JDK " + Runtime.version().feature() + ", installation " + installation.home() + ", configuration "
                + doctor.file().map(Path::toString).orElse("none (built-in defaults)"));
        running.forEach(gateway -> out.println("running: " + gateway));
        List<Finding> findings = new ArrayList<>(doctor.atRest());
        if (doctor.startable() && Files.isDirectory(shell.plugins())) {
            findings.addAll(started());
        } else {
            out.println("Plugins and providers are not looked at before this is mended:");
        }
        for (Finding finding : findings) {
            out.println("\n! " + finding.what() + "\n  " + finding.mend());
        }
        out.println(findings.isEmpty() ? "Nothing is wrong." : "\nFound: " + findings.size());
        return findings.isEmpty() ? NOTHING : SOMETHING;
    }

    /**
     * Through a process of its own, which a plugin may end. One that did is quarantined by the next try, which names it
     * and finds the rest.
     */
    private List<Finding> started() throws IOException, InterruptedException {
        Path file = Files.createTempFile("thanos-doctor", ".findings");
        try {
            int code = 0;
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                code = examine(file);
                if (code == 0 && Files.size(file) > 0) {
                    return Examined.read(file);
                }
            }
            return List.of(new Finding(
                    "The examination of plugins and providers ended with exit code " + code + ".",
                    "Start the gateway with thanos --safe; its log says more."));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private int examine(Path file) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-D" + Examined.FILE + "=" + file);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "doctor"));
        if (config != null) {
            command.addAll(List.of("--config", config.toString()));
        }
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(EXAMINATION_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return process.exitValue();
    }
}
