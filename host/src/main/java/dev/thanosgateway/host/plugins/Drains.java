package dev.thanosgateway.host.plugins;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what no longer serves, once nobody uses it or the drain time is over. Nothing blocks: the last lease that
 * comes back, or the clock, goes on on the deployer's thread. A plugin goes after those that use its packages.
 */
final class Drains {
    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);

    private final Turn turn;
    private final Deployments deployments;
    private final Installer installer;
    private final Runnable changed;
    private final Set<Deployment> ready = new HashSet<>();
    private final Set<Deployment> going = new HashSet<>();
    private final Set<LiveEntry> leaving = new HashSet<>();

    /** @param changed run on the deployer's thread after something has gone */
    Drains(Turn turn, Deployments deployments, Installer installer, Runnable changed) {
        this.turn = turn;
        this.deployments = deployments;
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
            });
        }
    }

    /** Retires providers of a former generation; their deployment goes on. */
    void retireEntries(List<LiveEntry.OfProvider> olds, long drainMillis) {
        for (LiveEntry.OfProvider old : olds) {
            if (leaving.add(old)) {
                whenIdle(List.of(old.retire()), drainMillis, () -> {
                    installer.remove(old, () -> {
                        leaving.remove(old);
                        changed.run();
                    });
                });
            }
        }
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
        ScheduledFuture<?> late = turn.schedule(once, drainMillis);
        var unused = CompletableFuture.allOf(idle.toArray(CompletableFuture[]::new))
                .thenRun(() -> {
                    late.cancel(false);
                    turn.orDrop(once);
                });
    }

    private void finish(Deployment old) {
        if (old.state() == Deployment.State.GONE || !ready.contains(old) || hasImporters(old)) {
            return;
        }
        ready.remove(old);
        if (!going.add(old)) {
            return;
        }
        installer.remove(old, () -> {
            going.remove(old);
            LOG.info("plugin {} has gone", old.label());
            new ArrayList<>(old.suppliers()).forEach(this::finish);
            changed.run();
        });
    }

    private boolean hasImporters(Deployment supplier) {
        return deployments.all().stream().anyMatch(d -> d.suppliers().contains(supplier));
    }
}
