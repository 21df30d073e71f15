package dev.thanosgateway.host.plugins;

import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The provider tables with their generations: what is wanted and what serves. Used on the deployer's thread. */
final class Tables {
    private final Map<String, Table> tables = new LinkedHashMap<>();
    private long generations;

    /** One table. Its serving generation stays until the wanted one is active. */
    static final class Table {
        private ProviderSettings wanted;
        private String wantedGeneration;
        private @Nullable ProviderSettings serving;
        private @Nullable String servingGeneration;
        private @Nullable String failure;

        Table(ProviderSettings wanted, String generation) {
            this.wanted = wanted;
            this.wantedGeneration = generation;
        }

        ProviderSettings wanted() {
            return wanted;
        }

        /** What a new component must be made of: what serves now, else what is wanted. */
        Expected expected() {
            ProviderSettings now = serving;
            String generation = servingGeneration;
            return now == null || generation == null ? latest() : new Expected(now, generation);
        }

        Expected latest() {
            return new Expected(wanted, wantedGeneration);
        }

        @Nullable
        String servingGeneration() {
            return servingGeneration;
        }

        @Nullable
        String failure() {
            return failure;
        }

        void failed(String reason) {
            failure = reason;
        }

        boolean changed() {
            return wanted.enabled() && !wantedGeneration.equals(servingGeneration);
        }

        /** The wanted generation was tried and is not tried again until something changes. */
        boolean gaveUp() {
            return failure != null;
        }

        void serves(Expected active) {
            serving = active.settings();
            servingGeneration = active.generation();
            if (active.generation().equals(wantedGeneration)) {
                failure = null;
            }
        }

        /** Nothing serves it any more: the next component is made of what is wanted. */
        void serves() {
            serving = null;
            servingGeneration = null;
        }
    }

    /** A component that must appear: one generation of one table. */
    record Expected(ProviderSettings settings, String generation) {
        String id() {
            return settings.id();
        }
    }

    /** Takes over new settings; unchanged tables keep their generation. */
    void accept(Settings next) {
        Map<String, Table> before = new LinkedHashMap<>(tables);
        tables.clear();
        for (ProviderSettings wanted : next.providers().values()) {
            Table table = before.get(wanted.id());
            if (table == null) {
                table = new Table(wanted, nextGeneration());
            } else if (!table.wanted.equals(wanted)) {
                table.wanted = wanted;
                table.wantedGeneration = nextGeneration();
                table.failure = null;
            }
            if (!wanted.enabled()) {
                table.serves();
            }
            tables.put(wanted.id(), table);
        }
    }

    /** What another deployment of a type could not serve may be tried with this one. */
    void retry(Deployment deployment) {
        for (Table table : tables.values()) {
            if (table.changed() && deployment.type(table.wanted.type()) != null) {
                table.failure = null;
            }
        }
    }

    private String nextGeneration() {
        return "g" + ++generations;
    }

    Collection<Table> all() {
        return tables.values();
    }

    @Nullable
    Table get(String id) {
        return tables.get(id);
    }

    /** What a deployment that declares these types has to bring up. */
    List<Expected> expected(Deployment deployment) {
        List<Expected> all = new ArrayList<>();
        for (Table table : tables.values()) {
            Expected expected = table.expected();
            if (table.wanted.enabled() && deployment.type(expected.settings().type()) != null) {
                all.add(expected);
            }
        }
        return all;
    }
}
