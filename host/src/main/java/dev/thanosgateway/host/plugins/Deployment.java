package dev.thanosgateway.host.plugins;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/**
 * One jar as it was installed once: a bundle, its services and where their code runs. Changed on the deployer's
 * thread only.
 */
final class Deployment {
    enum State {
        STARTING,
        SERVING,
        DRAINING,
        GONE
    }

    private final long number;
    private final PluginJar jar;
    private final Bundle bundle;
    private final @Nullable BundlePool pool;
    private final Map<String, Version> exports;
    private final Set<Deployment> suppliers;
    private final List<LiveEntry> entries = new ArrayList<>();
    private volatile State state = State.STARTING;
    private @Nullable Path path;
    private StartMarks.@Nullable Mark mark;

    /**
     * @param number the higher one is the newer one
     * @param path where the jar came from; null = installed by other means
     * @param pool where its code runs; null = on the callers' threads
     * @param suppliers whose packages it uses: they go after it
     */
    Deployment(
            long number,
            PluginJar jar,
            @Nullable Path path,
            Bundle bundle,
            @Nullable BundlePool pool,
            Map<String, Version> exports,
            Set<Deployment> suppliers) {
        this.number = number;
        this.jar = jar;
        this.path = path;
        this.bundle = bundle;
        this.pool = pool;
        this.exports = exports;
        this.suppliers = suppliers;
    }

    long number() {
        return number;
    }

    PluginJar jar() {
        return jar;
    }

    String name() {
        return jar.symbolicName();
    }

    String label() {
        return jar.label();
    }

    @Nullable
    Path path() {
        return path;
    }

    void path(Path now) {
        path = now;
    }

    boolean foreign() {
        return path == null;
    }

    Bundle bundle() {
        return bundle;
    }

    Lane.Factory lanes() {
        return pool == null ? Lane.Factory.INLINE : pool;
    }

    void closePool() {
        if (pool != null) {
            pool.close();
        }
    }

    /** What says on the disk that its code runs. */
    void mark(StartMarks.Mark made) {
        mark = made;
    }

    /** The same code, under its mark if it has one. */
    <T> Callable<T> marked(Callable<T> code) {
        return mark == null ? code : mark.during(code);
    }

    Map<String, Version> exports() {
        return exports;
    }

    Set<Deployment> suppliers() {
        return suppliers;
    }

    List<LiveEntry> entries() {
        return entries;
    }

    List<LiveEntry.OfProvider> providers() {
        return entries.stream()
                .filter(LiveEntry.OfProvider.class::isInstance)
                .map(LiveEntry.OfProvider.class::cast)
                .toList();
    }

    State state() {
        return state;
    }

    void state(State now) {
        state = now;
    }

    boolean serving() {
        return state == State.SERVING;
    }

    @Nullable
    ProviderType type(String type) {
        for (ProviderType declared : jar.types()) {
            if (declared.type().equals(type)) {
                return declared;
            }
        }
        return null;
    }

    @Nullable
    URI endpoint(String type) {
        ProviderType declared = type(type);
        return declared == null ? null : declared.endpoint();
    }
}
