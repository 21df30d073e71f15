package dev.thanosgateway.host.doctor;

import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.config.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether the gateway could listen where it is told to. */
public final class PortChecks {
    private PortChecks() {}

    static List<Finding> ports(Site site, Settings settings) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(port("bind", settings.server().http(), site));
        findings.addAll(port("grpc", settings.server().grpc(), site));
        return findings;
    }

    /** What keeps a gateway with these settings from listening, before anything is made for it. */
    public static List<Finding> taken(Settings settings) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(port("bind", settings.server().http()));
        findings.addAll(port("grpc", settings.server().grpc()));
        return findings;
    }

    private static List<Finding> port(String key, HostPort address, Site site) {
        boolean ours = site.running().stream().anyMatch(gateway -> gateway.listensOn(address.port()));
        return ours ? List.of() : port(key, address);
    }

    private static List<Finding> port(String key, HostPort address) {
        if (address.port() == 0) {
            return List.of();
        }
        InetSocketAddress local = new InetSocketAddress(address.host(), address.port());
        String where = "[server] " + key + " = \"" + address + "\": ";
        if (local.isUnresolved()) {
            return List.of(new Finding(
                    where + "the host name cannot be resolved.", "Write 127.0.0.1, or an address of this machine."));
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(local);
            return List.of();
        } catch (IOException e) {
            return List.of(refused(where, key, address, String.valueOf(e.getMessage())));
        }
    }

    private static Finding refused(String where, String key, HostPort address, String message) {
        String reason = message.toLowerCase(Locale.ROOT);
        if (reason.contains("in use")) {
            Optional<String> owner = PortOwner.of(address.port());
            return new Finding(
                    where + "the port is in use"
                            + owner.map(name -> " by " + name).orElse("") + ".",
                    "Stop what uses it, or set " + key + " to another port.");
        }
        if (reason.contains("permission")) {
            return new Finding(
                    where + "this user may not listen on port " + address.port() + ".",
                    "Take a port from 1024 on, and let a reverse proxy serve the lower one.");
        }
        return new Finding(
                where + "the gateway cannot listen there (" + message + ").",
                "Write 127.0.0.1 for this machine only, 0.0.0.0 for every address of it.");
    }
}
