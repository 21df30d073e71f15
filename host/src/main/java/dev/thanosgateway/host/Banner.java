package dev.thanosgateway.host;

import dev.thanosgateway.host.access.GuardedAccess;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.Deployed;
import dev.thanosgateway.host.plugins.PluginHost;
import dev.thanosgateway.host.plugins.ProviderStatus;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the gateway says once when it is ready: where it listens, what it found, and a call to paste. */
final class Banner {
    private final String version;
    private final Settings settings;
    private final GuardedAccess access;
    private final PluginHost plugins;
    private final Function<String, @Nullable String> defaultModel;
    private final String serving;
    private final int httpPort;
    private final int grpcPort;

    /**
     * @param defaultModel of a provider that serves; gives null where there is none
     * @param serving the model that the call to paste names
     */
    Banner(
            String version,
            Settings settings,
            GuardedAccess access,
            PluginHost plugins,
            Function<String, @Nullable String> defaultModel,
            String serving,
            int httpPort,
            int grpcPort) {
        this.version = version;
        this.settings = settings;
        this.access = access;
        this.plugins = plugins;
        this.defaultModel = defaultModel;
        this.serving = serving;
        this.httpPort = httpPort;
        this.grpcPort = grpcPort;
    }

    void print(PrintStream to) {
        Path file = settings.file();
        String from = file == null ? "defaults (no configuration file)" : file.toString();
        StringBuilder text = new StringBuilder();
        line(text, "thanos " + version + " on JDK " + Runtime.version().feature() + ", " + from);
        HostPort http = settings.server().http();
        HostPort grpc = settings.server().grpc();
        line(text, "http   http://" + new HostPort(http.host(), httpPort) + "  " + auth(http));
        line(text, "grpc   " + new HostPort(grpc.host(), grpcPort) + "         " + auth(grpc));
        plugins.registry().statuses().forEach(status -> line(text, provider(status)));
        long refused = plugins.deployed().stream()
                .map(Deployed::state)
                .filter("refused"::equals)
                .count();
        line(
                text,
                "plugins   " + plugins.deployed().size() + " jars" + (refused == 0 ? "" : ", " + refused + " refused")
                        + "; strategies: "
                        + String.join(", ", plugins.registry().strategies()) + "; in force: "
                        + settings.routing().strategy());
        Optional<String> key = access.takeNewKey();
        key.ifPresent(made -> {
            line(text, "");
            line(text, "A key is needed, since the gateway can be reached from other machines. This one was made now");
            line(text, "and is shown this once; only its hash is kept:");
            line(text, "  " + made);
        });
        line(text, "");
        line(text, "Try it:");
        line(text, "  " + curl(key));
        to.print(text);
        to.flush();
    }

    private String provider(ProviderStatus status) {
        ProviderSettings table = settings.providers().get(status.id());
        String adopted = table == null ? null : table.adopted();
        String model = status.state().equals("active") ? defaultModel.apply(status.id()) : null;
        String reason = status.reason();
        String state = reason == null || reason.startsWith(status.state()) ? "" : status.state() + ": ";
        return "provider  " + status.id() + "  " + (reason == null ? status.state() : state + reason)
                + (adopted == null ? "" : ", since " + adopted)
                + (model == null ? "" : "; default model " + model)
                + (status.bundle() == null ? "" : "  " + status.bundle() + " " + status.version());
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    private String auth(HostPort bind) {
        if (access.keyRequired()) {
            return "a key is needed";
        }
        return bind.loopback() ? "open: loopback only, no key needed" : "OPEN TO OTHER MACHINES, no key needed";
    }

    private String curl(Optional<String> key) {
        String header = !access.keyRequired() ? "" : " -H 'Authorization: Bearer " + key.orElse("<your key>") + "'";
        HostPort http = settings.server().http();
        String host = http.loopback() ? new HostPort(http.host(), httpPort).toString() : "127.0.0.1:" + httpPort;
        return "curl -N http://" + host + "/v1/chat/completions" + header + " -d '{\"model\":\"" + serving
                + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello, world\"}]}'";
    }
}
