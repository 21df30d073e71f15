package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.host.config.ProviderSettings;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider tables as factory configurations: one for each PID and generation. They hold the table's id, type,
 * generation and own settings; never a key, a header or an endpoint. Used on the deployer's thread.
 */
final class Configurations {
    private static final Logger LOG = LoggerFactory.getLogger(Configurations.class);

    private final ConfigurationAdmin admin;
    private final Map<Key, Configuration> published = new LinkedHashMap<>();

    private record Key(String pid, String id, String generation) {}

    Configurations(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    void publish(String pid, ProviderSettings table, String generation) throws PluginRefusal {
        Key key = new Key(pid, table.id(), generation);
        if (published.containsKey(key)) {
            return;
        }
        try {
            // "?": the old and the new bundle of a swap both get it.
            Configuration made = admin.getFactoryConfiguration(pid, table.id() + "." + generation, "?");
            made.update(FrameworkUtil.asDictionary(properties(table, generation)));
            published.put(key, made);
        } catch (IOException | RuntimeException e) {
            throw PluginRefusal.of("its settings cannot be published: " + Guarded.rootCause(e));
        }
    }

    void remove(String id, String generation) {
        removeIf(
                published.keySet().iterator(),
                key -> key.id().equals(id) && key.generation().equals(generation));
    }

    /** Removes those of all other PIDs. */
    void keepPids(Set<String> pids) {
        removeIf(published.keySet().iterator(), key -> !pids.contains(key.pid()));
    }

    private void removeIf(Iterator<Key> keys, Predicate<Key> gone) {
        while (keys.hasNext()) {
            Key key = keys.next();
            if (gone.test(key)) {
                Configuration configuration = published.get(key);
                keys.remove();
                delete(configuration);
            }
        }
    }

    private static void delete(@Nullable Configuration configuration) {
        try {
            if (configuration != null) {
                configuration.delete();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("a configuration cannot be deleted: {}", Guarded.rootCause(e));
        }
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
