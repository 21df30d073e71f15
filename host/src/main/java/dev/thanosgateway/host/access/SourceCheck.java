package dev.thanosgateway.host.access;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.config.Settings;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages out. A page cannot choose the {@code Host} its browser sends, so a name made to point at this
 * machine gives itself away there; and browsers say in {@code Origin} and {@code Sec-Fetch-Site} which page is asking.
 * Other clients send neither. Used from many threads.
 */
final class SourceCheck {
    private static final Pattern HOST =
            Pattern.compile("(?<name>[A-Za-z0-9_]([A-Za-z0-9._-]{0,253}[A-Za-z0-9_])?)\\.?(?<port>:[0-9]{1,5})?"
                    + "|\\[(?<v6>[0-9A-Fa-f:.]{2,45})](?<v6port>:[0-9]{1,5})?");
    private static final Pattern WEB_ORIGIN = Pattern.compile("(https?)://([^/]{1,300})");

    private final boolean anyHost;
    private final Set<String> hosts;
    private final Set<String> origins;
    /** The Host that was let in last, as it was sent: most clients send the same with every request. */
    private volatile @Nullable String known;

    /** @param anyHost a key is required, which no page has: names need not be checked */
    SourceCheck(Settings.Server server, boolean anyHost) {
        this.anyHost = anyHost;
        Set<String> names = new HashSet<>(server.allowedHosts());
        addBind(names, server.http());
        addBind(names, server.grpc());
        this.hosts = Set.copyOf(names);
        this.origins = Set.copyOf(server.allowedOrigins());
    }

    /** A listener on every address has no name of its own. */
    private static void addBind(Set<String> names, HostPort bind) {
        if (!bind.everyAddress()) {
            names.add(bind.host().toLowerCase(Locale.ROOT));
        }
    }

    void check(@Nullable String host, @Nullable String origin, @Nullable String fetchSite) throws GatewayException {
        // HTTP/1.0 clients may send no Host; browsers always do.
        if (host != null && !host.equals(known)) {
            checkHost(host);
            known = host;
        }
        if (origin != null) {
            if (!allows(origin) && !ownPage(host, origin)) {
                throw forbidden("Web pages of the origin '" + shown(origin) + "' may not call this gateway. If they"
                        + " should, add it to server.allowed_origins.");
            }
        } else if ("cross-site".equalsIgnoreCase(fetchSite) || "same-site".equalsIgnoreCase(fetchSite)) {
            throw forbidden("Web pages of other sites may not call this gateway. If one should, add its origin to"
                    + " server.allowed_origins and let it call with CORS.");
        }
    }

    boolean allows(String origin) {
        return origins.contains(origin.toLowerCase(Locale.ROOT));
    }

    private void checkHost(String host) throws GatewayException {
        String name = name(host);
        if (name == null) {
            throw forbidden("The Host header is malformed. Send a host name or address, and a port if there is one.");
        }
        if (!anyHost && !loopback(name) && !hosts.contains(name)) {
            throw forbidden("This gateway asks for no key and so does not answer to the Host '" + shown(name)
                    + "'. Add it to server.allowed_hosts, or set auth.enabled = true.");
        }
    }

    /** A page the gateway itself would have served: the browser asks the very host that it came from. */
    private static boolean ownPage(@Nullable String host, String origin) {
        Matcher parts = WEB_ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
        if (host == null || !parts.matches()) {
            return false;
        }
        String own = ":" + (parts.group(1).equals("http") ? 80 : 443);
        return withPort(parts.group(2), own).equals(withPort(host.toLowerCase(Locale.ROOT), own));
    }

    private static String withPort(String host, String port) {
        return host.indexOf(':', host.lastIndexOf(']') + 1) >= 0 ? host : host + port;
    }

    /** The name or address in a Host header, in lower case; null = malformed. */
    private static @Nullable String name(String host) {
        Matcher parts = HOST.matcher(host);
        if (!parts.matches()) {
            return null;
        }
        String port = parts.group("name") == null ? parts.group("v6port") : parts.group("port");
        if (port != null && Integer.parseInt(port.substring(1)) > 65_535) {
            return null;
        }
        String name = parts.group("name");
        if (name != null) {
            return name.contains("..") ? null : name.toLowerCase(Locale.ROOT);
        }
        String address = parts.group("v6");
        return address != null && HostPort.ipv6(address) ? address.toLowerCase(Locale.ROOT) : null;
    }

    /** Names and addresses that no name server can turn elsewhere. */
    private static boolean loopback(String name) {
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || (HostPort.ipv4(name) && name.startsWith("127."))
                || (HostPort.ipv6(name) && new HostPort(name, 0).loopback());
    }

    private static String shown(String text) {
        String visible = text.replaceAll("[^\\x20-\\x7e]", "?");
        return visible.length() > 100 ? visible.substring(0, 100) + "…" : visible;
    }

    private static GatewayException forbidden(String message) {
        return new GatewayException(ErrorKind.FORBIDDEN, message);
    }
}
