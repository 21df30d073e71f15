package dev.thanosgateway.host.command;

import dev.thanosgateway.host.plugins.PluginLock;
import dev.thanosgateway.host.plugins.TrustedDigests;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a command is given by the process it runs in.
 *
 * @param plugins the installation's plugins folder
 * @param state the folder of what is kept, where running gateways are found
 * @param working what relative names are relative to
 * @param terminal whether a person types at {@code in}
 * @param interrupts from now on Ctrl-C runs what it is given, and does not end the process
 */
public record Shell(
        Path plugins,
        Path state,
        Path working,
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        Consumer<Runnable> interrupts) {
    /**
     * Which jars may be deployed, so that no other jar's code runs in a command either. Blocking.
     *
     * @param reachable whether other machines can reach the gateway
     */
    PluginLock lock(boolean reachable) throws IOException {
        TrustedDigests shipped =
                TrustedDigests.read(plugins.resolveSibling("lib").resolve("plugins.lock"));
        return PluginLock.of(plugins, shipped, reachable);
    }

    /** Tells on stderr why something failed. */
    void complain(String sentence) {
        err.println("thanos: " + sentence);
        err.flush();
    }
}
