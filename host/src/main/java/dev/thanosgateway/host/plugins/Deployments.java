package dev.thanosgateway.host.plugins;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** Every deployment that has not gone. Changed on the deployer's thread; entries can be looked up on any. */
final class Deployments {
    private final List<Deployment> all = new ArrayList<>();
    private final Map<ServiceReference<?>, LiveEntry> entries = new ConcurrentHashMap<>();
    private final Set<Bundle> bundles = ConcurrentHashMap.newKeySet();
    private volatile Set<String> digests = Set.of();
    private long numbers;

    long nextNumber() {
        return ++numbers;
    }

    void add(Deployment deployment) {
        all.add(deployment);
        bundles.add(deployment.bundle());
        digests();
    }

    void gone(Deployment deployment) {
        deployment.state(Deployment.State.GONE);
        all.remove(deployment);
        bundles.remove(deployment.bundle());
        digests();
    }

    /** Whether something is deployed as this bundle; on any thread. */
    boolean any(Bundle bundle) {
        return bundles.contains(bundle);
    }

    private void digests() {
        Set<String> now = new HashSet<>();
        all.forEach(d -> now.add(d.jar().sha256()));
        digests = Set.copyOf(now);
    }

    /** Digests of the copies that are in use; on any thread. */
    Set<String> digestsInUse() {
        return digests;
    }

    void enter(Deployment deployment, List<LiveEntry> fresh) {
        deployment.entries().addAll(fresh);
        fresh.forEach(e -> entries.put(e.reference(), e));
    }

    /** Gives up one service, which is still to be let go of. */
    void forget(LiveEntry entry) {
        entries.remove(entry.reference(), entry);
        entry.deployment().entries().remove(entry);
    }

    /** Gives up all services of a deployment. @return them, still to be let go of */
    List<LiveEntry> forget(Deployment deployment) {
        List<LiveEntry> all = List.copyOf(deployment.entries());
        all.forEach(this::forget);
        return all;
    }

    /** Takes the entry of a service that is going by itself; on any thread. */
    @Nullable
    LiveEntry take(ServiceReference<?> reference) {
        return entries.remove(reference);
    }

    List<Deployment> all() {
        return List.copyOf(all);
    }

    List<Deployment> in(Deployment.State state) {
        return all.stream().filter(d -> d.state() == state).toList();
    }

    /** Those that serve, the newest first. */
    List<Deployment> serving() {
        return all.stream()
                .filter(Deployment::serving)
                .sorted(Comparator.comparingLong(Deployment::number).reversed())
                .toList();
    }

    /** What serves of the jars with this symbolic name; null = nothing. */
    @Nullable
    Deployment serving(String name) {
        for (Deployment d : all) {
            if (d.serving() && !d.foreign() && d.name().equals(name)) {
                return d;
            }
        }
        return null;
    }

    /** The newest that serves and declares the type; null = none. */
    @Nullable
    Deployment declaring(String type) {
        for (Deployment d : serving()) {
            if (d.type(type) != null && d.bundle().getState() == Bundle.ACTIVE) {
                return d;
            }
        }
        return null;
    }

    @Nullable
    Deployment of(Bundle bundle) {
        for (Deployment d : all) {
            if (d.bundle().equals(bundle)) {
                return d;
            }
        }
        return null;
    }

    /** Those that use its packages, directly or not, in the order they were made. */
    List<Deployment> importers(Deployment supplier) {
        Set<Deployment> found = new LinkedHashSet<>(List.of(supplier));
        for (Deployment d : all) { // a deployment is made after its suppliers
            if (d.serving() && d.suppliers().stream().anyMatch(found::contains)) {
                found.add(d);
            }
        }
        found.remove(supplier);
        return List.copyOf(found);
    }
}
