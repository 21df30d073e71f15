package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.host.config.ProviderSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.osgi.service.cm.Configuration;

/**
 * The provider tables as factory configurations: one for each deployment, PID and generation. They hold the table's id,
 * type, generation and own settings; never a key, a header or an endpoint of a plugin's. Used on any thread; adding and
 * removing run components' code.
 */
final class Configurations {
    private final ConfigurationStore store;
    private final Map<Key, Configuration> published = new LinkedHashMap<>();

    private record Key(long deployment, String id, String generation) {}

    Configurations(ConfigurationStore store) {
        this.store = store;
    }

    void publish(Deployment deployment, String pid, ProviderSettings table, String generation) {
        Key key = new Key(deployment.number(), table.id(), generation);
        String name = table.id() + "." + generation + "." + deployment.number();
        Configuration made =
                ConfigurationStore.of(pid, name, deployment.bundle().getLocation(), properties(table, generation));
        synchronized (published) {
            if (published.putIfAbsent(key, made) != null) {
                return;
            }
        }
        store.add(made);
    }

    void remove(Deployment deployment, String id, String generation) {
        removeIf(key -> key.equals(new Key(deployment.number(), id, generation)));
    }

    /** Removes those of a deployment. */
    void remove(Deployment deployment) {
        removeIf(key -> key.deployment() == deployment.number());
    }

    private void removeIf(Predicate<Key> gone) {
        List<Configuration> removed = new ArrayList<>();
        synchronized (published) {
            for (Iterator<Map.Entry<Key, Configuration>> all =
                            published.entrySet().iterator();
                    all.hasNext(); ) {
                Map.Entry<Key, Configuration> one = all.next();
                if (gone.test(one.getKey())) {
                    removed.add(one.getValue());
                    all.remove();
                }
            }
        }
        removed.forEach(store::remove);
    }

    static Map<String, Object> properties(ProviderSettings table, String generation) {
        Map<String, Object> properties = new LinkedHashMap<>();
        table.own().forEach((key, value) -> put(properties, key, value));
        if (table.endpoint() != null) {
            properties.put(Provider.ENDPOINT, table.endpoint().toString());
        }
        properties.put(Provider.ID, table.id());
        properties.put(Provider.TYPE, table.type());
        properties.put(Provider.GENERATION, generation);
        return properties;
    }

    /** Tables inside the table become keys with dots; lists are lists of text when they mix types. */
    private static void put(Map<String, Object> properties, String key, Object value) {
        if (value instanceof Map<?, ?> inner) {
            inner.forEach((k, v) -> put(properties, key + "." + k, v));
        } else if (value instanceof Collection<?> list) {
            Set<Class<?>> types = new HashSet<>();
            list.forEach(v -> types.add(v.getClass()));
            boolean plain = types.size() == 1 && types.stream().allMatch(Configurations::simple);
            properties.put(
                    key,
                    plain
                            ? List.copyOf(list)
                            : list.stream().map(String::valueOf).toList());
        } else {
            properties.put(key, simple(value.getClass()) ? value : String.valueOf(value));
        }
    }

    private static boolean simple(Class<?> type) {
        return type == String.class || type == Long.class || type == Double.class || type == Boolean.class;
    }
}
