package dev.thanosgateway.host.plugins;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The moves that have begun and are not over: while one waits for its plugin's code, others go on, but for those that
 * depend on it. Used with the turn.
 */
final class UnderWay {
    private final Supplier<Set<String>> gateway;
    private final Set<String> names = new HashSet<>();
    private final Set<PluginJar> jars = new HashSet<>();

    /** @param gateway the names of the packages that come from no plugin */
    UnderWay(Supplier<Set<String>> gateway) {
        this.gateway = gateway;
    }

    /** @return false = one of them depends on a move that is under way, and has to wait for its end */
    boolean begin(Collection<PluginJar> moving) {
        if (moving.stream().anyMatch(this::depends)) {
            return false;
        }
        moving.forEach(jar -> names.add(jar.symbolicName()));
        jars.addAll(moving);
        return true;
    }

    void end(Collection<PluginJar> moved) {
        moved.forEach(jar -> names.remove(jar.symbolicName()));
        jars.removeAll(moved);
    }

    /** Whether the bundle of this name is being moved. */
    boolean moves(String name) {
        return names.contains(name);
    }

    /** Whether a jar that is being moved uses its packages. */
    boolean use(PluginJar supplier) {
        return jars.stream().anyMatch(jar -> uses(jar, supplier));
    }

    private boolean depends(PluginJar jar) {
        return moves(jar.symbolicName())
                || jars.stream()
                        .anyMatch(one -> (one.trusted() && !jar.trusted())
                                || contend(one, jar)
                                || uses(one, jar)
                                || uses(jar, one));
    }

    /** Whether both declare a type or PID: it belongs to the one that was begun first, if that one serves. */
    private static boolean contend(PluginJar one, PluginJar other) {
        return one.types().stream()
                .anyMatch(a -> other.types().stream()
                        .anyMatch(b -> a.type().equals(b.type()) || a.pid().equals(b.pid())));
    }

    private boolean uses(PluginJar importer, PluginJar exporter) {
        Set<String> exported = new HashSet<>();
        exporter.exports().forEach(clause -> exported.addAll(clause.names()));
        if (exported.isEmpty()) {
            return false;
        }
        exported.removeAll(gateway.get());
        return importer.imports().stream()
                .anyMatch(clause -> exported.contains(clause.names().get(0)));
    }
}
