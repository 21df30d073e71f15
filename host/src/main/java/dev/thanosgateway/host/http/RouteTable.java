package dev.thanosgateway.host.http;

import dev.thanosgateway.api.dialect.Endpoint;
import dev.thanosgateway.api.dialect.Route;
import dev.thanosgateway.host.dispatch.ForwardedHeaders;
import dev.thanosgateway.host.plugins.Lane;
import dev.thanosgateway.host.plugins.LiveDialect;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations of the dialects that live now, by method and path. Immutable: a change of dialects makes a new one.
 * Paths are matched as they were sent, undecoded, so that nothing else can stand for a known path; only a parameter is
 * decoded.
 */
final class RouteTable {
    /**
     * An operation that was asked for.
     *
     * @param name a short fixed name for metrics, made of the route: {@code chat_completions}
     * @param forwardedHeaders of the client's headers those that may go upstream, in lower case
     */
    record Match(
            LiveDialect dialect,
            Endpoint endpoint,
            String name,
            Set<String> forwardedHeaders,
            Map<String, String> parameters) {}

    /**
     * A route as it stands in the table.
     *
     * @param path as its dialect wrote it
     * @param header that a request must have to be meant; null = none
     */
    record Mounted(
            LiveDialect dialect,
            Endpoint endpoint,
            String method,
            String path,
            @Nullable String header) {}

    private record Variable(
            Match match, String method, String template, Pattern path, List<String> names, boolean slashes) {}

    private static final Logger LOG = LoggerFactory.getLogger(RouteTable.class);
    /** More than all the paths below one that others have. */
    private static final int OWN_PATH = 1000;

    private static final String VERB = ":";
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-zA-Z]+)(\\*?)}");

    private final Map<String, Map<String, Match>> fixed = new HashMap<>();
    private final List<Variable> variable = new ArrayList<>();
    private final List<Mounted> mounted = new ArrayList<>();
    private final List<LiveDialect> dialects;
    private final Map<String, LiveDialect> prefixes = new LinkedHashMap<>();
    /** Operations only for requests that have a header, by its name. */
    private final Map<String, RouteTable> marked = new TreeMap<>();

    private final Map<String, Map<String, Integer>> claims = new HashMap<>();
    /** Names of the dialects that have a path below one, or that path itself. */
    private final Map<String, Set<String>> below = new HashMap<>();

    RouteTable(List<LiveDialect> dialects) {
        this.dialects = List.copyOf(dialects);
        for (LiveDialect dialect : dialects) {
            try {
                Set<String> forwarded = forwarded(dialect);
                for (Route route : dialect.routes()) {
                    add(dialect, route, forwarded);
                }
            } catch (Exception | Error e) {
                LOG.error("The dialect of {} has no routes; it is left out.", dialect.bundle(), e);
            }
        }
    }

    /** A client's credential is for this gateway, whatever a dialect says. */
    private static Set<String> forwarded(LiveDialect dialect) {
        Set<String> forwarded = new TreeSet<>(ForwardedHeaders.ALWAYS);
        forwarded.addAll(dialect.forwardedHeaders());
        forwarded.removeAll(ClientRequest.CREDENTIALS);
        return Set.copyOf(forwarded);
    }

    private void add(LiveDialect dialect, Route route, Set<String> forwarded) {
        String path = route.path();
        String header = route.header();
        boolean shares = header != null && dialect.lanes() == Lane.Factory.INLINE;
        if (!shares && taken(dialect, route)) {
            return;
        }
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            below.computeIfAbsent(path.substring(0, end), p -> new HashSet<>()).add(dialect.name());
        }
        if (header == null) {
            claim(dialect, path);
            mount(dialect, route, forwarded);
        } else {
            marked.computeIfAbsent(header, h -> new RouteTable(List.of())).mount(dialect, route, forwarded);
        }
    }

    /**
     * Whether an earlier dialect of another bundle answers there: it goes on to. Only dialects that ship may share a path
     * by a header.
     */
    private boolean taken(LiveDialect dialect, Route route) {
        return mounted.stream()
                        .anyMatch(one -> one.dialect() != dialect
                                && one.path().equals(route.path())
                                && one.method().equals(route.method()))
                || variable.stream()
                        .anyMatch(one -> one.match().dialect() != dialect
                                && one.method().equals(route.method())
                                && one.path().matcher(route.path()).matches());
    }

    private void claim(LiveDialect dialect, String path) {
        int depth = path.indexOf('/', 1);
        for (int end = depth; end > 0; end = path.indexOf('/', end + 1)) {
            // A parameter stands for any word, so it does not make the folder before it this dialect's.
            if (!path.startsWith("/{", end)) {
                claim(path.substring(0, end), dialect, 1);
            }
        }
        claim(path, dialect, OWN_PATH);
    }

    private void mount(LiveDialect dialect, Route route, Set<String> forwarded) {
        String path = route.path();
        Match operation = new Match(dialect, route.endpoint(), name(path), forwarded, Map.of());
        Mounted entry = new Mounted(dialect, route.endpoint(), route.method(), path, route.header());
        if (mounted.stream()
                .noneMatch(
                        one -> one.method().equals(entry.method()) && one.path().equals(path))) {
            mounted.add(entry);
        }
        if (path.indexOf('{') < 0) {
            fixed.computeIfAbsent(path, p -> new HashMap<>()).putIfAbsent(route.method(), operation);
            return;
        }
        StringBuilder regex = new StringBuilder();
        List<String> names = new ArrayList<>();
        boolean slashes = false;
        Matcher parameter = PARAMETER.matcher(path);
        int from = 0;
        while (parameter.find()) {
            regex.append(Pattern.quote(path.substring(from, parameter.start())));
            boolean many = !parameter.group(2).isEmpty();
            slashes |= many;
            regex.append(many ? "(.+)" : "([^/]+)");
            names.add(parameter.group(1));
            from = parameter.end();
        }
        regex.append(Pattern.quote(path.substring(from)));
        variable.add(new Variable(operation, route.method(), path, Pattern.compile(regex.toString()), names, slashes));
    }

    /** Of several dialects below one path, the one with most there has it: who came first is chance. */
    private void claim(String path, LiveDialect dialect, int weight) {
        Map<String, Integer> claimed = claims.computeIfAbsent(path, p -> new HashMap<>());
        int own = claimed.merge(dialect.name(), weight, Integer::sum);
        LiveDialect known = prefixes.get(path);
        if (known == null || own > claimed.getOrDefault(known.name(), 0)) {
            prefixes.put(path, dialect);
        }
    }

    private static String name(String path) {
        String words = PARAMETER.matcher(path).replaceAll("").replaceAll("[^a-zA-Z0-9]+", "_");
        return words.replaceFirst("^_(v\\d[a-z0-9]*_)?", "").replaceFirst("_$", "");
    }

    /**
     * The operation at a path; null = none.
     *
     * @param path as sent, without its query
     * @param has whether the request has a header of this name
     */
    @Nullable
    Match match(String method, String path, Predicate<String> has) {
        for (Map.Entry<String, RouteTable> one : marked.entrySet()) {
            Match match = has.test(one.getKey()) ? one.getValue().match(method, path, has) : null;
            if (match != null) {
                return match;
            }
        }
        Match exact = exactly(method, path);
        // Whoever answers GET answers HEAD: the same but for the body, which the connection leaves out.
        return exact == null && method.equals("HEAD") ? exactly("GET", path) : exact;
    }

    private @Nullable Match exactly(String method, String path) {
        Map<String, Match> methods = fixed.get(path);
        if (methods != null) {
            return methods.get(method);
        }
        for (Variable route : variable) {
            if (!route.method().equals(method)) {
                continue;
            }
            Map<String, String> parameters = parameters(route, path);
            if (parameters != null && !knownVerb(route, path)) {
                Match found = route.match();
                return new Match(found.dialect(), found.endpoint(), found.name(), found.forwardedHeaders(), parameters);
            }
        }
        return null;
    }

    /** Methods a path answers to; empty = the path is not known. */
    Set<String> methods(String path) {
        Set<String> methods = new TreeSet<>();
        Map<String, Match> known = fixed.get(path);
        if (known != null) {
            methods.addAll(known.keySet());
        }
        for (Variable route : variable) {
            if (parameters(route, path) != null && !unknownVerb(route, path) && !knownVerb(route, path)) {
                methods.add(route.method());
            }
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    /** Where verbs follow a parameter, what no route knows as one is no other method's path either. */
    private boolean unknownVerb(Variable route, String path) {
        return path.indexOf(VERB, path.lastIndexOf('/')) >= 0
                && variable.stream().anyMatch(other -> other.template().startsWith(route.template() + VERB));
    }

    /** A path with a verb that another route knows is that route's alone, not the name of a thing to GET. */
    private boolean knownVerb(Variable route, String path) {
        return variable.stream()
                .anyMatch(other -> other.template().startsWith(route.template() + VERB)
                        && other.path().matcher(path).matches());
    }

    /** Every route, each path and method once for each header; those for all requests first. */
    List<Mounted> mounted() {
        List<Mounted> all = new ArrayList<>(mounted);
        marked.values().forEach(table -> all.addAll(table.mounted));
        return all;
    }

    private static @Nullable Map<String, String> parameters(Variable route, String path) {
        Matcher matcher = route.path().matcher(path);
        if (!matcher.matches()) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < route.names().size(); i++) {
            String raw = matcher.group(i + 1);
            try {
                String value = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
                if (!route.slashes() && value.indexOf('/') >= 0) {
                    return null;
                }
                parameters.put(route.names().get(i), value);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return parameters;
    }

    /** Whether several dialects have paths that begin most like this one: their errors look different there. */
    boolean shared(String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            Set<String> names = below.get(path.substring(0, end));
            if (names != null) {
                return names.size() > 1;
            }
        }
        return false;
    }

    /**
     * The dialect whose paths begin most like this one, for the shape of an error; null = none, or several that have
     * nothing in common with it.
     */
    @Nullable
    LiveDialect family(String path) {
        if (path.isEmpty()) {
            return null;
        }
        LiveDialect exact = prefixes.get(path);
        if (exact != null) {
            return exact;
        }
        for (String prefix = path; prefix.length() > 1; prefix = prefix.substring(0, prefix.lastIndexOf('/'))) {
            LiveDialect dialect = prefixes.get(prefix);
            if (dialect != null) {
                return dialect;
            }
            if (prefix.lastIndexOf('/') < 0) {
                break;
            }
        }
        // Which of several came first is chance; an error must not look another way after a jar was exchanged.
        return dialects.size() == 1 ? dialects.get(0) : null;
    }
}
