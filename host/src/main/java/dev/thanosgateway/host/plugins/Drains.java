package dev.thanosgateway.host.plugins;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what no longer serves, once nobody uses it or the drain time is over. Nothing blocks: the last lease that
 * comes back, or the clock, goes on on the deployer's thread. A plugin goes after those that use its packages.
 */
final class Drains {
    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);

    private final ScheduledExecutorService deployer;
    private final Deployments deployments;
    private final Configurations configurations;
    private final Installer installer;
    private final Runnable changed;
    private final Set<Deployment> ready = new HashSet<>();
    private final Set<LiveEntry> leaving = new HashSet<>();

    /** @param changed run on the deployer's thread after something has gone */
    Drains(
            ScheduledExecutorService deployer,
            Deployments deployments,
            Configurations configurations,
            Installer installer,
            Runnable changed) {
        this.deployer = deployer;
        this.deployments = deployments;
        this.configurations = configurations;
        this.installer = installer;
        this.changed = changed;
    }

    /** Retires whole deployments that take no new calls any more: their state is DRAINING and published. */
    void retire(List<Deployment> olds, long drainMillis) {
        for (Deployment old : olds) {
            List<CompletableFuture<Void>> idle =
                    old.entries().stream().map(LiveEntry::retire).toList();
            whenIdle(idle, drainMillis, () -> {
                long held =
                        old.entries().stream().mapToLong(LiveEntry::inFlight).sum();
                if (held > 0) {
                    LOG.warn("plugin {} goes with {} calls unfinished after {} ms", old.label(), held, drainMillis);
                }
                ready.add(old);
                finish(old);
                changed.run();
            });
        }
    }

    /** Retires providers of a former generation; their deployment goes on. */
    void retireEntries(List<LiveEntry.OfProvider> olds, long drainMillis) {
        for (LiveEntry.OfProvider old : olds) {
            if (leaving.add(old)) {
                whenIdle(List.of(old.retire()), drainMillis, () -> {
                    leaving.remove(old);
                    deployments.leave(old);
                    if (!inUse(old.id(), old.generation())) {
                        configurations.remove(old.id(), old.generation());
                    }
                    changed.run();
                });
            }
        }
    }

    private boolean inUse(String id, String generation) {
        return deployments.all().stream()
                .flatMap(d -> d.providers().stream())
                .anyMatch(p -> p.id().equals(id) && p.generation().equals(generation));
    }

    private void whenIdle(List<CompletableFuture<Void>> idle, long drainMillis, Runnable then) {
        boolean[] done = {false};
        Runnable once = () -> {
            if (!done[0]) {
                done[0] = true;
                try {
                    then.run();
                } catch (RuntimeException e) {
                    LOG.error("what no longer serves could not be taken away", e);
                }
            }
        };
        ScheduledFuture<?> late = deployer.schedule(once, drainMillis, TimeUnit.MILLISECONDS);
        var unused = CompletableFuture.allOf(idle.toArray(CompletableFuture[]::new))
                .thenRun(() -> {
                    late.cancel(false);
                    if (!deployer.isShutdown()) {
                        deployer.execute(once);
                    }
                });
    }

    private void finish(Deployment old) {
        if (old.state() == Deployment.State.GONE || !ready.contains(old) || hasImporters(old)) {
            return;
        }
        ready.remove(old);
        installer.remove(old);
        LOG.info("plugin {} has gone", old.label());
        new ArrayList<>(old.suppliers()).forEach(this::finish);
    }

    private boolean hasImporters(Deployment supplier) {
        return deployments.all().stream().anyMatch(d -> d.suppliers().contains(supplier));
    }
}
