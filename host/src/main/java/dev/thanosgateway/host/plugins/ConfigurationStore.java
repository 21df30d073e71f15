package dev.thanosgateway.host.plugins;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.cm.ReadOnlyConfigurationException;

/**
 * The Configuration Admin service of this framework, in memory. It differs from a general one in two points. An event
 * reaches Declarative Services on the thread that makes the change and not on one for all bundles, so that a component
 * that hangs stops its own configuration only. And a configuration belongs to one bundle, so that no other bundle gets
 * it by declaring the same PID; who is not the host only reads. Used on any thread.
 */
final class ConfigurationStore implements ConfigurationAdmin, AutoCloseable {
    private final BundleContext context;
    private final List<Stored> all = new CopyOnWriteArrayList<>();
    private final ServiceRegistration<ConfigurationAdmin> registration;

    /** @param context the host's, in which Declarative Services registers its listener */
    ConfigurationStore(BundleContext context) {
        this.context = context;
        this.registration = context.registerService(ConfigurationAdmin.class, this, null);
    }

    /**
     * Makes a factory configuration that nobody has heard of yet.
     *
     * @param location of the bundle that gets it
     */
    static Configuration of(String factoryPid, String name, String location, Map<String, Object> properties) {
        return new Stored(factoryPid, factoryPid + "~" + name, location, properties);
    }

    /** Adds one. Runs the code of components that are made of it. */
    void add(Configuration configuration) {
        if (configuration instanceof Stored stored && all.add(stored)) {
            tell(stored, ConfigurationEvent.CM_UPDATED);
        }
    }

    /** Deletes one. Runs the code of the components that were made of it. */
    void remove(Configuration configuration) {
        if (configuration instanceof Stored stored && all.remove(stored)) {
            tell(stored, ConfigurationEvent.CM_DELETED);
        }
    }

    private void tell(Stored stored, int type) {
        ConfigurationEvent event =
                new ConfigurationEvent(registration.getReference(), type, stored.factoryPid(), stored.pid());
        for (ServiceReference<ConfigurationListener> reference : listeners()) {
            ConfigurationListener listener = context.getService(reference);
            if (listener != null) {
                try {
                    listener.configurationEvent(event);
                } finally {
                    context.ungetService(reference);
                }
            }
        }
    }

    /** Those registered by a bundle of the gateway itself: Declarative Services uses the host's context. */
    private List<ServiceReference<ConfigurationListener>> listeners() {
        try {
            return context.getServiceReferences(ConfigurationListener.class, null).stream()
                    .filter(one -> context.getBundle().equals(one.getBundle()))
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        registration.unregister();
    }

    @Override
    public Configuration @Nullable [] listConfigurations(@Nullable String filter) throws InvalidSyntaxException {
        Filter wanted = filter == null ? null : FrameworkUtil.createFilter(filter);
        List<Configuration> found = new ArrayList<>();
        for (Stored one : all) {
            Map<String, Object> properties = one.properties();
            properties.put(SERVICE_BUNDLELOCATION, one.location());
            if (wanted == null || wanted.match(FrameworkUtil.asDictionary(properties))) {
                found.add(one);
            }
        }
        return found.isEmpty() ? null : found.toArray(Configuration[]::new);
    }

    @Override
    public Configuration getConfiguration(String pid, @Nullable String location) {
        return getConfiguration(pid);
    }

    @Override
    public Configuration getConfiguration(String pid) {
        return all.stream().filter(one -> one.pid().equals(pid)).findFirst().orElseThrow(ConfigurationStore::readOnly);
    }

    @Override
    public Configuration createFactoryConfiguration(String factoryPid) {
        throw readOnly();
    }

    @Override
    public Configuration createFactoryConfiguration(String factoryPid, @Nullable String location) {
        throw readOnly();
    }

    @Override
    public Configuration getFactoryConfiguration(String factoryPid, String name, @Nullable String location) {
        return getConfiguration(factoryPid + "~" + name);
    }

    @Override
    public Configuration getFactoryConfiguration(String factoryPid, String name) {
        return getConfiguration(factoryPid + "~" + name);
    }

    private static ReadOnlyConfigurationException readOnly() {
        return new ReadOnlyConfigurationException("Configurations come from the gateway's file only.");
    }

    private record Stored(String factoryPid, String pid, String location, Map<String, Object> values)
            implements Configuration {
        @Override
        public String getPid() {
            return pid;
        }

        @Override
        public String getFactoryPid() {
            return factoryPid;
        }

        @Override
        public String getBundleLocation() {
            return location;
        }

        @Override
        public long getChangeCount() {
            return 1;
        }

        Map<String, Object> properties() {
            Map<String, Object> copy = new LinkedHashMap<>(values);
            copy.put(Constants.SERVICE_PID, pid);
            copy.put(SERVICE_FACTORYPID, factoryPid);
            return copy;
        }

        @Override
        public Dictionary<String, Object> getProperties() {
            return FrameworkUtil.asDictionary(properties());
        }

        @Override
        public Dictionary<String, Object> getProcessedProperties(ServiceReference<?> reference) {
            return getProperties();
        }

        @Override
        public Set<ConfigurationAttribute> getAttributes() {
            return Collections.unmodifiableSet(EnumSet.of(ConfigurationAttribute.READ_ONLY));
        }

        @Override
        public void update(Dictionary<String, ?> properties) {
            throw readOnly();
        }

        @Override
        public void update() {
            throw readOnly();
        }

        @Override
        public boolean updateIfDifferent(Dictionary<String, ?> properties) {
            throw readOnly();
        }

        @Override
        public void delete() {
            throw readOnly();
        }

        @Override
        public void setBundleLocation(@Nullable String other) {
            throw readOnly();
        }

        @Override
        public void addAttributes(ConfigurationAttribute... attributes) {
            if (!Arrays.asList(attributes).equals(List.of(ConfigurationAttribute.READ_ONLY))) {
                throw readOnly();
            }
        }

        @Override
        public void removeAttributes(ConfigurationAttribute... attributes) {
            throw readOnly();
        }
    }
}
