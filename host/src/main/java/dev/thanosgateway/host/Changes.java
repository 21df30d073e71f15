package dev.thanosgateway.host;

import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.Deployed;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What differs between two states of the gateway, one line each and without a value that may be a secret. */
final class Changes {
    /** Not settings, or told one by one. */
    private static final Set<String> LEFT_OUT = Set.of("file", "warnings", "providers", "discover");

    private static final Map<String, String> NAMES =
            Map.of("keys", "api_key", "disabledReason", "enabled", "access", "auth", "aliases", "models.aliases");

    private Changes() {}

    static List<String> of(Settings before, Settings after) {
        List<String> lines = new ArrayList<>();
        Set<String> ids = new LinkedHashSet<>(after.providers().keySet());
        ids.addAll(before.providers().keySet());
        for (String id : ids) {
            ProviderSettings was = before.providers().get(id);
            ProviderSettings is = after.providers().get(id);
            if (was == null) {
                lines.add("provider " + id + ": added");
            } else if (is == null) {
                lines.add("provider " + id + ": removed");
            } else if (!was.equals(is)) {
                lines.add("provider " + id + ": changed (" + String.join(", ", differing(was, is)) + ")");
            }
        }
        for (String name : differing(before, after)) {
            if (!LEFT_OUT.contains(name)) {
                lines.add("[" + name + "]: changed");
            }
        }
        return lines;
    }

    static List<String> of(List<Deployed> before, List<Deployed> after) {
        Map<String, Deployed> was = byPath(before);
        Map<String, Deployed> is = byPath(after);
        List<String> lines = new ArrayList<>();
        is.forEach((path, now) -> {
            Deployed then = was.get(path);
            String reason = now.reason() == null ? "" : ": " + now.reason();
            if (then == null) {
                lines.add("plugin " + path + ": new, " + now.state() + reason);
            } else if (!then.equals(now)) {
                lines.add("plugin " + path + ": " + now.state() + reason);
            }
        });
        was.keySet().stream()
                .filter(path -> !is.containsKey(path))
                .forEach(path -> lines.add("plugin " + path + ": gone"));
        return lines;
    }

    private static Map<String, Deployed> byPath(List<Deployed> jars) {
        Map<String, Deployed> byPath = new LinkedHashMap<>();
        for (Deployed jar : jars) {
            if (jar.path() != null) {
                byPath.putIfAbsent(String.valueOf(jar.path().getFileName()), jar);
            }
        }
        return byPath;
    }

    private static List<String> differing(Record was, Record is) {
        Set<String> names = new LinkedHashSet<>();
        for (RecordComponent component : was.getClass().getRecordComponents()) {
            if (!Objects.equals(value(component, was), value(component, is))) {
                String name = component.getName();
                names.add(NAMES.getOrDefault(
                        name, name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)));
            }
        }
        return List.copyOf(names);
    }

    private static @Nullable Object value(RecordComponent component, Record of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
