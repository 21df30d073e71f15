package dev.thanosgateway.launcher;

import dev.thanosgateway.host.admin.Instance;
import dev.thanosgateway.host.command.Shell;
import dev.thanosgateway.host.doctor.Doctor;
import dev.thanosgateway.host.doctor.Finding;
import dev.thanosgateway.host.doctor.Site;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;

/** {@code thanos doctor}: looks at everything, the second half through a gateway that is started but serves nobody. */
final class Checkup {
    private static final int NOTHING = 0;
    private static final int SOMETHING = 1;

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
    int run() throws BundleException, IOException, InterruptedException {
        Logging.quiet();
        List<Instance> running = Instance.all(shell.state());
        Doctor doctor = new Doctor(new Site(
                shell.plugins(),
                shell.state(),
                shell.working(),
                shell.userHome(),
                config,
                shell.environment(),
                running));
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

    private List<Finding> started() throws BundleException, IOException, InterruptedException {
        try (StateFolder state = StateFolder.open(shell.state(), installation.room())) {
            Platform platform = Platform.of(installation, state, config, Map.of("thanos.examine", "true"));
            try {
                platform.start(installation.bundles());
                return examined(platform.context());
            } finally {
                platform.stop();
            }
        } catch (StartException e) {
            return List.of(new Finding("The gateway cannot start.", String.valueOf(e.getMessage())));
        }
    }

    private static List<Finding> examined(BundleContext context) throws IOException {
        ServiceReference<?> offered = context.getServiceReference(Callable.class.getName());
        if (offered == null || !(context.getService(offered) instanceof Callable<?> examination)) {
            throw new IllegalStateException("The host does not offer to be examined.");
        }
        List<Finding> findings = new ArrayList<>();
        try {
            if (examination.call() instanceof List<?> list) {
                list.forEach(one -> findings.add((Finding) one));
            }
        } catch (IOException e) {
            findings.add(new Finding("The gateway cannot start.", String.valueOf(e.getMessage())));
        } catch (Exception e) {
            throw new IllegalStateException("The examination failed.", e);
        }
        return findings;
    }
}
