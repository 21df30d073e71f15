package dev.thanosgateway.host.http;

import dev.thanosgateway.host.config.Nearest;
import dev.thanosgateway.host.plugins.LiveDialect;
import io.javalin.router.Endpoint;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the route that somebody probably meant by a path that nothing is at. */
final class NearPath {
    private static final int MOST_EDITS = 2;
    /** Longer paths are no slip of the keyboard; the bound keeps the comparison cheap. */
    private static final int LONGEST = 300;

    private final Supplier<List<Endpoint>> own;

    /** @param own the routes that no dialect has */
    NearPath(Supplier<List<Endpoint>> own) {
        this.own = own;
    }

    /**
     * What to tell a caller of a path that nothing is at.
     *
     * @param missing the dialects that are not deployed any more, whose path it may be
     */
    String sentence(String path, RouteTable table, List<String> missing) {
        String near = of(path, known(table));
        String instead = near == null || near.equals(path) ? "" : " Did you mean " + near + "?";
        String gone = missing.isEmpty()
                ? ""
                : " It may be a path of a dialect that is not deployed any more: " + String.join(", ", missing) + ".";
        return "Nothing is at " + path + "." + header(path, table) + instead + gone;
    }

    /** The header that a request for a known path lacks. */
    private static String header(String path, RouteTable table) {
        return table.mounted().stream()
                .filter(one -> one.header() != null && one.path().equals(path))
                .map(one -> " Only requests with the header " + one.header() + " are answered there.")
                .findFirst()
                .orElse("");
    }

    /** The dialect whose errors the caller reads: that of the path, else that of the path that was probably meant. */
    @Nullable
    LiveDialect family(String path, RouteTable table, List<String> missing) {
        if (!missing.isEmpty() && table.shared(path)) {
            return null; // it may be a path of one that is missing
        }
        LiveDialect family = table.family(path);
        String near = family == null ? of(path, known(table)) : null;
        return near == null ? family : table.family(near);
    }

    private Set<String> known(RouteTable table) {
        Set<String> known = new LinkedHashSet<>();
        table.mounted().forEach(one -> known.add(one.path()));
        own.get().forEach(one -> known.add(one.path));
        return known;
    }

    /**
     * @param path as sent, undecoded
     * @param templates paths of routes, some with a parameter such as {@code {model*}}
     * @return a path of a route, its parameter filled in as it was sent; null = none is near
     */
    static @Nullable String of(String path, Collection<String> templates) {
        String sent = plain(path);
        if (sent.length() < 2 || path.length() > LONGEST) {
            return null;
        }
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String template : templates) {
            String meant = filled(template, sent);
            int distance = meant == null || meant.length() < 2 ? Integer.MAX_VALUE : distance(sent, meant);
            boolean nearer = distance < least || (distance == least && best != null && shorter(meant, best));
            if (nearer && distance < Integer.MAX_VALUE) {
                least = distance;
                best = meant;
            }
        }
        return best;
    }

    private static boolean shorter(@Nullable String a, String b) {
        return a != null && a.length() < b.length();
    }

    /** Without repeated and last slashes. */
    private static String plain(String path) {
        return path.replaceAll("/{2,}", "/").replaceFirst("(?<=.)/$", "");
    }

    /** 0 = but for case and slashes the same; then slips; then a prefix too little or too much. */
    private static int distance(String sent, String meant) {
        String a = sent.toLowerCase(Locale.ROOT);
        String b = meant.toLowerCase(Locale.ROOT);
        int edits = edits(a, b);
        if (edits <= MOST_EDITS) {
            return edits;
        }
        int missing = edits(a, b.substring(Math.max(0, b.indexOf('/', 1))));
        if (missing <= MOST_EDITS || b.endsWith(a)) {
            return MOST_EDITS + 1 + Math.min(missing, MOST_EDITS + 1);
        }
        // A base URL that has the version already, or another product's prefix; one word alone may be anything.
        return b.indexOf('/', 1) > 0 && a.endsWith(b) ? 3 * MOST_EDITS + a.length() - b.length() : Integer.MAX_VALUE;
    }

    private static int edits(String a, String b) {
        boolean near = Math.abs(a.length() - b.length()) <= MOST_EDITS;
        int edits = near ? Nearest.distance(a, b) : MOST_EDITS + 1;
        // In a short word two slips are another word.
        return edits > Math.max(1, Math.min(a.length(), b.length()) / 4) ? MOST_EDITS + 1 : edits;
    }

    /** A template with the parameter that a path has at its place; null = it has none there. */
    private static @Nullable String filled(String template, String path) {
        int open = template.indexOf('{');
        if (open < 0) {
            return template;
        }
        String before = template.substring(0, open);
        String after = template.substring(template.indexOf('}') + 1);
        // "models/" is where the name begins, whatever is before it.
        String word = before.substring(before.lastIndexOf('/', before.length() - 2) + 1);
        int at = path.indexOf('/' + word);
        int colon = path.indexOf(':', path.lastIndexOf('/'));
        // A verb that a path has, a route must have as well.
        boolean alike = after.isEmpty() ? colon < 0 : after.startsWith(":") && colon > 0;
        int verb = colon < 0 ? path.length() : colon;
        if (!alike || word.length() < 2 || at < 0 || at + 1 + word.length() >= verb) {
            return null;
        }
        return before + path.substring(at + 1 + word.length(), verb) + after;
    }
}
