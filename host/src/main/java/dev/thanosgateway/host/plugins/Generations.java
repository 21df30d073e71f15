package dev.thanosgateway.host.plugins;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes changed settings serve: a new generation of a table's component beside the old one, which goes when it is up. */
final class Generations {
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

    private final Deployments deployments;
    private final Tables tables;
    private final Installer installer;
    private final Pictures pictures;
    /** Tables whose latest generation is being brought up. */
    private final Set<Tables.Table> rising = new HashSet<>();

    Generations(Deployments deployments, Tables tables, Installer installer, Pictures pictures) {
        this.deployments = deployments;
        this.tables = tables;
        this.installer = installer;
        this.pictures = pictures;
    }

    /** Brings every enabled table's latest generation up on what is deployed. */
    void bringUp() {
        for (Tables.Table table : List.copyOf(tables.all())) {
            if (tables.get(table.wanted().id()) != table) {
                continue; // it has gone while another one was brought up
            }
            if (table.servingGeneration() != null && pictures.current(table) == null) {
                table.serves(); // what served it has gone
            }
            if (table.changed() && !table.gaveUp() && rising.add(table)) {
                try {
                    bringUp(table);
                } finally {
                    rising.remove(table);
                }
            }
        }
    }

    /** Providers of generations that serve no more. */
    List<LiveEntry.OfProvider> former() {
        List<LiveEntry.OfProvider> former = new ArrayList<>();
        for (Deployment deployment : deployments.in(Deployment.State.SERVING)) {
            for (LiveEntry.OfProvider provider : deployment.providers()) {
                Tables.Table table = tables.get(provider.id());
                if (table == null || !provider.generation().equals(table.servingGeneration())) {
                    former.add(provider);
                }
            }
        }
        return former;
    }

    private void bringUp(Tables.Table table) {
        Tables.Expected latest = table.latest();
        Deployment deployment = deployments.declaring(latest.settings().type());
        if (deployment == null) {
            return;
        }
        String reason;
        boolean retried = false;
        try {
            Activation activation = installer.activate(deployment, List.of(latest));
            reason =
                    activation.active(latest) ? null : activation.failedTables().get(latest.id());
            if (activation.active(latest) && tables.get(latest.id()) == table && deployment.serving()) {
                table.serves(latest);
                LOG.info("provider {} serves with new settings", latest.id());
                return;
            }
        } catch (PluginRefusal e) {
            reason = e.reason();
            retried = e.waits();
        }
        installer.withdraw(deployment, latest);
        if (!table.latest().equals(latest) || !deployment.serving() || retried) {
            return; // what it was tried with has changed, or there was no thread: it is tried again
        }
        table.failed(reason == null ? "its component did not appear" : reason);
        LOG.warn("provider {}: its settings are refused by {}: {}", latest.id(), deployment.label(), table.failure());
    }
}
