package dev.thanosgateway.launcher;

import dev.thanosgateway.host.doctor.Finding;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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

/** The half of {@code thanos doctor} that starts plugins, in a process that a plugin may end. */
final class Examined {
    /** The system property that names the file for the findings. */
    static final String FILE = "thanos.findings";

    private static final int MOST_CHARACTERS = 10_000;

    private final Installation installation;
    private final Path state;
    private final @Nullable Path config;

    Examined(Installation installation, Path state, @Nullable Path config) {
        this.installation = installation;
        this.state = state;
        this.config = config;
    }

    /** Writes the findings. @return the exit code */
    int into(Path file) throws BundleException, IOException, InterruptedException {
        Logging.quiet();
        List<Finding> findings = findings();
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(findings.size());
            for (Finding finding : findings) {
                out.writeUTF(shortened(finding.what()));
                out.writeUTF(shortened(finding.mend()));
            }
        }
        return 0;
    }

    private static String shortened(String text) {
        return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
    }

    static List<Finding> read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            int count = in.readInt();
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                findings.add(new Finding(in.readUTF(), in.readUTF()));
            }
            return findings;
        }
    }

    private List<Finding> findings() throws BundleException, IOException, InterruptedException {
        try (StateFolder folder = StateFolder.open(state, installation.room())) {
            Platform platform = Platform.of(installation, folder, config, Map.of("thanos.examine", "true"));
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

    private static List<Finding> examined(BundleContext context) {
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
