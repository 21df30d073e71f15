package dev.thanosgateway.host.plugins;

import dev.thanosgateway.host.config.ProviderSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Draws the registry's picture from what is deployed, what is configured and what is in the folder. */
final class Pictures {
    /** The one to be believed first. */
    private static final Comparator<LiveEntry.OfCatalog> BELIEVED = Comparator.comparingInt(
                    LiveEntry.OfCatalog::ranking)
            .thenComparing(LiveEntry.OfCatalog::file)
            .reversed();

    private static final String NO_AUTH = "none";

    private final Deployments deployments;
    private final Tables tables;
    private final Guarded guarded;
    private final Owners owners;

    Pictures(Deployments deployments, Tables tables, Guarded guarded, Owners owners) {
        this.guarded = guarded;
        this.owners = owners;
        this.deployments = deployments;
        this.tables = tables;
    }

    /**
     * @param idle jars of the folder that do not serve, with state and reason
     * @param unusable why jars that declare a type were refused, by type
     */
    LiveRegistry.Picture draw(List<Deployed> idle, Map<String, String> unusable) {
        Map<String, LiveProvider> byId = new LinkedHashMap<>();
        List<ProviderStatus> statuses = new ArrayList<>();
        for (Tables.Table table : tables.all()) {
            LiveEntry.OfProvider current = current(table);
            if (current != null) {
                byId.put(current.id(), current);
            }
            statuses.add(current == null ? absent(table, unusable) : active(table, current));
        }
        for (Deployed jar : idle) {
            String file =
                    jar.path() == null ? "unknown" : String.valueOf(jar.path().getFileName());
            statuses.add(new ProviderStatus(
                    file,
                    "",
                    jar.symbolicName(),
                    jar.version(),
                    jar.state(),
                    jar.reason(),
                    false,
                    NO_AUTH,
                    null,
                    null));
        }
        guarded.stuck().stream()
                .filter(one -> one.state() != Deployment.State.STARTING)
                .forEach(one -> statuses.add(stuck(one)));
        Map<String, LiveEntry.OfDialect> dialects = new LinkedHashMap<>();
        Map<String, LiveStrategy> strategies = new TreeMap<>();
        List<LiveEntry.OfCatalog> catalogs = new ArrayList<>();
        List<Deployment> newestFirst = deployments.serving();
        for (Deployment deployment : newestFirst) {
            for (LiveEntry entry : deployment.entries()) {
                if (entry instanceof LiveEntry.OfDialect dialect) {
                    dialects.putIfAbsent(dialect.name(), dialect);
                } else if (entry instanceof LiveEntry.OfStrategy strategy) {
                    strategies.putIfAbsent(strategy.name(), strategy);
                } else if (entry instanceof LiveEntry.OfCatalog catalog) {
                    catalogs.add(catalog);
                }
            }
        }
        catalogs.sort(BELIEVED);
        return new LiveRegistry.Picture(
                List.copyOf(byId.values()),
                Map.copyOf(byId),
                List.copyOf(statuses),
                dialects.values().stream()
                        .map(LiveDialect.class::cast)
                        .sorted(Comparator.comparingInt(one -> owners.rank(Owners.Kind.DIALECT, one.name())))
                        .toList(),
                missing(dialects.keySet()),
                Map.copyOf(strategies),
                List.copyOf(strategies.keySet()),
                List.copyOf(catalogs),
                types(newestFirst),
                types(newestFirst).stream().map(this::adoptable).toList(),
                deployed(idle));
    }

    /** A plugin whose code does not return, on its way out or with new settings. */
    private ProviderStatus stuck(Deployment one) {
        String name =
                one.path() == null ? one.name() : String.valueOf(one.path().getFileName());
        String state = one.serving() ? "active" : "draining";
        String version = one.jar().version().toString();
        return new ProviderStatus(name, "", one.name(), version, state, guarded.stuck(one), true, "none", null, null);
    }

    private List<String> missing(Set<String> dialects) {
        return owners.all(Owners.Kind.DIALECT).stream()
                .filter(claim -> !dialects.contains(claim.name()))
                .map(claim -> "'" + claim.name() + "' (bundle " + owners.of(claim) + ")")
                .toList();
    }

    /** The instance that takes a table's new calls; null = none. */
    LiveEntry.@Nullable OfProvider current(Tables.Table table) {
        for (Deployment deployment : deployments.serving()) {
            for (LiveEntry.OfProvider provider : deployment.providers()) {
                if (table.wanted().enabled()
                        && provider.id().equals(table.wanted().id())
                        && provider.generation().equals(table.servingGeneration())) {
                    return provider;
                }
            }
        }
        return null;
    }

    private ProviderStatus active(Tables.Table table, LiveEntry.OfProvider current) {
        String reason = table.failure() == null ? null : "its last change was refused: " + table.failure();
        Deployment deployment = current.deployment();
        return new ProviderStatus(
                current.id(),
                current.type(),
                deployment.name(),
                deployment.jar().version().toString(),
                "active",
                reason,
                true,
                authMethod(current.settings()),
                current.settings().model(),
                shown(current.endpoint()));
    }

    private ProviderStatus absent(Tables.Table table, Map<String, String> unusable) {
        String id = table.wanted().id();
        String type = table.wanted().type();
        if (!table.wanted().enabled()) {
            return status(table, null, "disabled", table.wanted().disabledReason());
        }
        String refused = unusable.get(type);
        for (Deployment deployment : deployments.in(Deployment.State.DRAINING)) {
            for (LiveEntry.OfProvider provider : deployment.providers()) {
                if (provider.id().equals(id) && provider.inFlight() > 0) {
                    return refused == null
                            ? status(table, deployment, "draining", "its last calls are finishing")
                            : status(table, deployment, "failed", refused + "; its last calls are finishing");
                }
            }
        }
        if (table.failure() != null) {
            return status(table, deployments.declaring(type), "failed", table.failure());
        }
        return refused != null
                ? status(table, null, "failed", refused)
                : status(table, null, "waiting", "waiting for a plugin of type '" + type + "'");
    }

    private ProviderStatus status(
            Tables.Table table, @Nullable Deployment deployment, String state, @Nullable String reason) {
        return new ProviderStatus(
                table.wanted().id(),
                table.wanted().type(),
                deployment == null ? null : deployment.name(),
                deployment == null ? null : deployment.jar().version().toString(),
                state,
                reason,
                table.wanted().enabled(),
                authMethod(table.wanted()),
                table.wanted().model(),
                shown(table.wanted().endpoint()));
    }

    /** In the original's words. */
    private String authMethod(ProviderSettings table) {
        Deployment deployment = deployments.declaring(table.type());
        ProviderType type = deployment == null ? null : deployment.type(table.type());
        return !table.keys().isEmpty() || (type != null && type.key()) ? "apikey" : NO_AUTH;
    }

    /** Without user name, password and query, which may be credentials. */
    private static @Nullable String shown(@Nullable URI endpoint) {
        if (endpoint == null) {
            return null;
        }
        try {
            return new URI(
                            endpoint.getScheme(),
                            null,
                            endpoint.getHost(),
                            endpoint.getPort(),
                            endpoint.getPath(),
                            null,
                            null)
                    .toString();
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static List<ProviderType> types(List<Deployment> newestFirst) {
        Map<String, ProviderType> types = new TreeMap<>();
        newestFirst.forEach(d -> d.jar().types().forEach(t -> types.putIfAbsent(t.type(), t)));
        return List.copyOf(types.values());
    }

    private ProviderType adoptable(ProviderType type) {
        Deployment by = deployments.declaring(type.type());
        return type.withEnv(type.env().stream()
                .filter(name -> by != null && owners.owns(by.name(), Owners.Kind.VARIABLE, name))
                .toList());
    }

    private List<Deployed> deployed(List<Deployed> idle) {
        List<Deployed> all = new ArrayList<>();
        for (Deployment d : deployments.all()) {
            if (d.state() != Deployment.State.STARTING) {
                String state = d.serving() ? "serving" : "draining";
                String version = d.jar().version().toString();
                all.add(new Deployed(d.name(), version, d.path(), state, guarded.stuck(d)));
            }
        }
        all.addAll(idle);
        return List.copyOf(all);
    }
}
