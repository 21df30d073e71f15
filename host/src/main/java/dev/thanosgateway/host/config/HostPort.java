package dev.thanosgateway.host.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Where a listener binds.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param port 0 = any free one
 */
public record HostPort(String host, int port) {
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9_-]{0,62})\\.)*[A-Za-z0-9]([A-Za-z0-9_-]{0,62})");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

    /**
     * Reads {@code host:port}, IPv6 in brackets.
     *
     * @throws IllegalArgumentException when it is none; the message completes "KEY …"
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || text.endsWith("]")) {
            throw new IllegalArgumentException("needs a port. Write it as \"127.0.0.1:8080\".");
        }
        String host = text.substring(0, colon);
        if (host.isEmpty() || host.equals("*")) {
            throw new IllegalArgumentException(
                    "needs a host. Write 127.0.0.1 before the colon for this machine only, 0.0.0.0 for every address.");
        }
        String digits = text.substring(colon + 1);
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
            throw new IllegalArgumentException("needs a port from 0 (any free one) to 65535 after the last colon.");
        }
        return new HostPort(checkedHost(host), Integer.parseInt(digits));
    }

    private static String checkedHost(String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            String address = host.substring(1, host.length() - 1);
            if (!ipv6(address)) {
                throw new IllegalArgumentException("has something in brackets that is no IPv6 address.");
            }
            return address;
        }
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("needs brackets round an IPv6 address, as in \"[::1]:8080\".");
        }
        boolean good = DIGITS_AND_DOTS.matcher(host).matches()
                ? ipv4(host)
                : NAME.matcher(host).matches();
        if (!good) {
            throw new IllegalArgumentException(
                    "has a host that is neither a name nor an address. Write it as \"127.0.0.1:8080\", without"
                            + " a scheme or a path.");
        }
        return host;
    }

    /** Whether {@code text} is a dotted quad. */
    public static boolean ipv4(String text) {
        return IPV4.matcher(text).matches();
    }

    /** Whether {@code text} is an IPv6 address, without brackets. Asks no name server. */
    public static boolean ipv6(String text) {
        if (text.indexOf(':') < 0 || !text.matches("[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?")) {
            return false;
        }
        try {
            // With a colon in it the JDK reads a literal or fails; a zone may name an interface that is not here.
            InetAddress.getByName(text.replaceFirst("%.*", ""));
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether this machine's every address is meant. */
    public boolean everyAddress() {
        return (ipv4(host) || ipv6(host)) && resolvesTo(InetAddress::isAnyLocalAddress);
    }

    /** Whether only this machine can reach it. A name counts as what it resolves to; one that does not, as public. */
    public boolean loopback() {
        return resolvesTo(InetAddress::isLoopbackAddress);
    }

    private boolean resolvesTo(Predicate<InetAddress> kind) {
        try {
            return kind.test(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
