package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.catalog.ModelCatalog;
import dev.thanosgateway.api.catalog.TraitRule;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.api.routing.RoutingStrategy;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/**
 * Waits until every component of a started bundle is active, and takes its services. DS makes components when they
 * are first asked for and swallows what they throw, so each is asked for here, and the reason is read from DS's
 * records. Runs the plugin's code: call it {@link Guarded}.
 */
final class Activation {
    private static final long APPEAR_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long REFERENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String PROVIDERS = Provider.class.getPackageName() + ".";

    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final Deployment deployment;
    private final List<Tables.Expected> expected;
    private final Set<ServiceReference<?>> done = new HashSet<>();
    private final List<LiveEntry> before;
    private final List<LiveEntry> entries = new ArrayList<>();
    private final Map<String, String> failedTables = new LinkedHashMap<>();
    private final Set<String> incomplete = new HashSet<>();
    private final List<String> failures = new ArrayList<>();

    /** @param expected the providers that must appear */
    Activation(
            BundleContext context,
            ServiceComponentRuntime components,
            Deployment deployment,
            List<Tables.Expected> expected) {
        this.context = context;
        this.components = components;
        this.deployment = deployment;
        this.expected = expected;
        before = List.copyOf(deployment.entries());
        before.forEach(entry -> done.add(entry.reference()));
    }

    /** Services that are new, all active. */
    List<LiveEntry> entries() {
        return entries;
    }

    /** Expected providers that are not there, by id, with the reason. */
    Map<String, String> failedTables() {
        return failedTables;
    }

    /** Whether a provider is not there because of what its table lacks, and not because of the bundle. */
    boolean incomplete(String id) {
        return incomplete.contains(id);
    }

    /** Why components that belong to no table are not active. */
    List<String> failures() {
        return failures;
    }

    Activation await() {
        long begin = System.nanoTime();
        while (true) {
            long waited = System.nanoTime() - begin;
            services();
            boolean pending = components(waited > REFERENCE_NANOS);
            pending |= expected.stream().anyMatch(e -> !settled(e));
            if (!pending || waited > APPEAR_NANOS || Thread.currentThread().isInterrupted()) {
                break;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        for (Tables.Expected e : expected) {
            if (!settled(e)) {
                failedTables.put(
                        e.id(),
                        "no component appeared for it within "
                                + TimeUnit.NANOSECONDS.toSeconds(APPEAR_NANOS)
                                + " s: the bundle needs one with the factory PID "
                                + pid(e) + " and configuration policy REQUIRE");
            }
        }
        return this;
    }

    /** Lets go of everything that was taken. Runs the plugin's code. @return true */
    boolean undo() {
        List.copyOf(entries).forEach(LiveEntry::unget);
        return true;
    }

    private boolean settled(Tables.Expected e) {
        return failedTables.containsKey(e.id()) || active(e);
    }

    boolean active(Tables.Expected e) {
        return Stream.concat(before.stream(), entries.stream())
                .anyMatch(entry -> entry instanceof LiveEntry.OfProvider p
                        && p.id().equals(e.id())
                        && p.generation().equals(e.generation()));
    }

    private @Nullable String pid(Tables.Expected e) {
        ProviderType type = deployment.type(e.settings().type());
        return type == null ? null : type.pid();
    }

    /** @return whether a component is still on its way */
    private boolean components(boolean late) {
        boolean pending = false;
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(deployment.bundle())) {
            for (ComponentConfigurationDTO component : components.getComponentConfigurationDTOs(description)) {
                boolean waits = component.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE;
                if (component.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    failed(component, "its component " + description.name + " failed: " + cause(component));
                } else if (waits && late) {
                    failed(
                            component,
                            "its component " + description.name + " waits for a service it needs: "
                                    + missing(description, component));
                } else {
                    pending |=
                            waits || (component.state == ComponentConfigurationDTO.SATISFIED && description.immediate);
                }
            }
        }
        return pending;
    }

    private static String cause(ComponentConfigurationDTO component) {
        return component.failure == null ? "no reason is known" : Guarded.rootCauseOf(component.failure);
    }

    private static String missing(ComponentDescriptionDTO description, ComponentConfigurationDTO component) {
        Set<String> names = new HashSet<>();
        for (UnsatisfiedReferenceDTO reference : component.unsatisfiedReferences) {
            names.add(reference.name);
        }
        return Arrays.stream(description.references)
                .filter(r -> names.contains(r.name))
                .map(r -> r.interfaceName)
                .findFirst()
                .orElse("unknown");
    }

    /** Books a failure on the table the component was made of; one for a table nobody asks for does not count. */
    private void failed(ComponentConfigurationDTO component, String reason) {
        Object id = component.properties.get(Provider.ID);
        if (id == null) {
            if (!failures.contains(reason)) {
                failures.add(reason);
            }
        } else if (expected(id, component.properties.get(Provider.GENERATION)) != null) {
            failedTables.putIfAbsent(String.valueOf(id), reason);
        }
    }

    private Tables.@Nullable Expected expected(Object id, @Nullable Object generation) {
        for (Tables.Expected e : expected) {
            if (e.id().equals(id) && (generation == null || e.generation().equals(generation))) {
                return e;
            }
        }
        return null;
    }

    private void services() {
        ServiceReference<?>[] references = deployment.bundle().getRegisteredServices();
        for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
            if (!done.contains(reference)) {
                take(reference);
            }
        }
    }

    static boolean provider(ServiceReference<?> reference) {
        return names(reference).stream().anyMatch(n -> n.startsWith(PROVIDERS));
    }

    static boolean dialect(ServiceReference<?> reference) {
        return names(reference).contains(Dialect.class.getName());
    }

    static boolean strategy(ServiceReference<?> reference) {
        return names(reference).contains(RoutingStrategy.class.getName());
    }

    static boolean catalog(ServiceReference<?> reference) {
        return names(reference).contains(ModelCatalog.class.getName());
    }

    private static List<String> names(ServiceReference<?> reference) {
        return reference.getProperty("objectClass") instanceof String[] names ? List.of(names) : List.of();
    }

    private void take(ServiceReference<?> reference) {
        Tables.Expected table = null;
        if (provider(reference)) {
            Object id = reference.getProperty(Provider.ID);
            table = id == null ? null : expected(id, reference.getProperty(Provider.GENERATION));
            if (table == null) {
                return; // of another generation
            }
        } else if (!dialect(reference) && !strategy(reference) && !catalog(reference)) {
            return;
        }
        done.add(reference);
        LiveEntry.Held<?> held = LiveEntry.Held.of(context, reference);
        if (held == null) {
            notActive(reference, table);
            return;
        }
        String wrong = enter(reference, held, table);
        if (wrong != null) {
            held.unget().run();
            book(table, wrong);
        }
    }

    private void book(Tables.@Nullable Expected table, String reason) {
        if (table == null) {
            failures.add(reason);
        } else {
            failedTables.putIfAbsent(table.id(), reason);
        }
    }

    /** @return what is wrong with it; null = nothing */
    private @Nullable String enter(
            ServiceReference<?> reference, LiveEntry.Held<?> held, Tables.@Nullable Expected table) {
        Object service = held.service();
        if (table != null) {
            if (!(service instanceof Provider provider)) {
                return ownApi(Provider.class);
            }
            LiveEntry.OfProvider made = new LiveEntry.OfProvider(
                    reference, deployment, held, provider, table.settings(), table.generation());
            if (made.endpoint() == null && (provider instanceof Chat || provider instanceof Embeddings)) {
                incomplete.add(table.id());
                return "the type '" + table.settings().type()
                        + "' has no endpoint of its own; set endpoint in its table";
            }
            entries.add(made);
        } else if (dialect(reference)) {
            if (!(service instanceof Dialect dialect)) {
                return ownApi(Dialect.class);
            }
            entries.add(new LiveEntry.OfDialect(reference, deployment, held, dialect));
        } else if (catalog(reference)) {
            return enterCatalog(reference, held);
        } else {
            if (!(service instanceof RoutingStrategy strategy)) {
                return ownApi(RoutingStrategy.class);
            }
            if (!(reference.getProperty(RoutingStrategy.NAME) instanceof String name)) {
                return "its strategy has no service property " + RoutingStrategy.NAME;
            }
            entries.add(new LiveEntry.OfStrategy(reference, deployment, held, strategy, name));
        }
        return null;
    }

    /** Takes its facts at once: it is not asked again. */
    private @Nullable String enterCatalog(ServiceReference<?> reference, LiveEntry.Held<?> held) {
        if (!(held.service() instanceof ModelCatalog catalog)) {
            return ownApi(ModelCatalog.class);
        }
        List<CatalogModel> models;
        List<TraitRule> traits;
        Map<String, String> defaults;
        LocalDate date;
        try {
            date = Objects.requireNonNull(catalog.date(), "it has no date");
            models = List.copyOf(catalog.models());
            traits = List.copyOf(catalog.traits());
            defaults = Map.copyOf(catalog.defaults());
        } catch (Exception | LinkageError e) {
            return "its catalogue of models cannot be read: " + Guarded.rootCause(e);
        }
        int most = Math.max(models.size(), traits.size());
        if (most > ModelCatalog.MODELS_LIMIT) {
            return "its catalogue has " + most + " entries, more than " + ModelCatalog.MODELS_LIMIT;
        }
        int ranking = reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
        entries.add(new LiveEntry.OfCatalog(reference, deployment, held, date, models, traits, defaults, ranking));
        return null;
    }

    private static String ownApi(Class<?> type) {
        return "it brings its own copy of " + type.getPackageName() + "; import that package instead";
    }

    private void notActive(ServiceReference<?> reference, Tables.@Nullable Expected table) {
        Object id = reference.getProperty("component.id");
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(deployment.bundle())) {
            for (ComponentConfigurationDTO component : components.getComponentConfigurationDTOs(description)) {
                if (id instanceof Long number && component.id == number && component.failure != null) {
                    book(table, "its component " + description.name + " failed: " + cause(component));
                    return;
                }
            }
        }
        book(table, "its service " + names(reference) + " cannot be had");
    }
}
