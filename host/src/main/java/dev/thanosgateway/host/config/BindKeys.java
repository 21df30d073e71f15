package dev.thanosgateway.host.config;

import java.util.List;

/** Words that other servers have for where they listen, answered with the one that is used here. */
final class BindKeys {
    private static final List<String> PORTS = List.of("port", "http_port", "listen_port", "server_port");
    private static final List<String> HOSTS = List.of("host", "http_host", "hostname", "address", "addr", "ip");
    private static final List<String> BOTH = List.of("listen", "http_bind", "http_addr", "bind_address", "http");

    private BindKeys() {}

    /** Refuses such words in {@code [server]}, and a bare port as an address. */
    static void check(Section server) {
        for (String key : server.keys()) {
            if (isOne(key)) {
                server.error(
                        key, "is unknown. Host and port are one setting here: write bind = \"" + bind(server) + "\".");
                server.has(key);
            }
        }
        if (server.isWhole("grpc_port")) {
            server.error("grpc_port", "is unknown. Write grpc = \"127.0.0.1:" + server.plain("grpc_port") + "\".");
        }
    }

    /** @return whether a key at the file's top is one, and has been refused */
    static boolean inTop(Section top, String key) {
        boolean one = key.equals("bind") || key.equals("grpc") || isOne(key);
        if (one) {
            String write = key.equals("grpc") ? "grpc = \"127.0.0.1:50051\"" : "bind = \"" + bind(top) + "\"";
            top.error(key, "is unknown outside a table. Write [server], and below it " + write + ".");
        }
        return one;
    }

    private static boolean isOne(String key) {
        return PORTS.contains(key) || HOSTS.contains(key) || BOTH.contains(key);
    }

    /** The address that such words seem to mean. */
    private static String bind(Section table) {
        String host = "127.0.0.1";
        Object port = "8080";
        for (String key : table.keys()) {
            if (PORTS.contains(key) && table.isWhole(key)) {
                port = String.valueOf(table.plain(key));
            } else if (HOSTS.contains(key) && table.isText(key)) {
                String written = String.valueOf(table.plain(key));
                host = HostPort.ipv4(written) ? written : HostPort.ipv6(written) ? "[" + written + "]" : host;
            }
        }
        return host + ":" + port;
    }
}
