package dev.thanosgateway.host.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code [providers]}. */
final class ProviderReader {
    private static final List<String> HOST_KEYS = List.of(
            "type",
            "enabled",
            "api_key",
            "api_keys",
            "endpoint",
            "base_url",
            "profile",
            "model",
            "headers",
            "timeouts");

    private static final List<String> OPERATIONS = List.of("/chat/completions", "/messages", "/api/chat");

    private static final List<String> TIMEOUT_KEYS =
            List.of("connect_ms", "first_event_ms", "whole_ms", "idle_ms", "total_ms");

    /** Words under which somebody may hide a credential where a plugin could read it. */
    private static final Set<String> LIKE_A_SECRET =
            Set.of("key", "keys", "token", "secret", "password", "access_token", "auth_token", "bearer_token");

    /** Fields that belong to the connection, or to the host. */
    private static final Set<String> NOT_TO_BE_SET = Set.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "keep-alive",
            "proxy-connection",
            "content-type",
            "accept-encoding",
            "expect");

    private final Function<String, Optional<Set<String>>> ownKeys;
    private final Installed installed;
    private final Problems problems;

    ProviderReader(Function<String, Optional<Set<String>>> ownKeys, Installed installed, Problems problems) {
        this.ownKeys = ownKeys;
        this.installed = installed;
        this.problems = problems;
    }

    Map<String, ProviderSettings> read(Section providers, Environment environment, Timeouts timeouts) {
        Map<String, ProviderSettings> all = new LinkedHashMap<>();
        Map<String, String> idsByFolded = new HashMap<>();
        for (String id : providers.keys()) {
            Section table = providers.section(id);
            if (table == null) {
                continue;
            }
            try {
                Values.id(id);
            } catch (IllegalArgumentException e) {
                providers.error(id, "is no id for a provider: it " + e.getMessage());
                continue;
            }
            String alike = idsByFolded.putIfAbsent(id.toLowerCase(Locale.ROOT), id);
            if (alike != null) {
                providers.error(id, "differs from providers." + alike + " only in upper and lower case. Rename one.");
                continue;
            }
            Environment collecting = environment.collecting();
            all.put(id, provider(id, table.with(collecting), collecting, timeouts));
        }
        return all;
    }

    private ProviderSettings provider(String id, Section table, Environment environment, Timeouts global) {
        boolean enabled = !Boolean.FALSE.equals(table.bool("enabled"));
        String written = table.parsed("type", Values::id);
        String type = written == null ? id : written;
        List<Secret> keys = keys(table);
        URI endpoint = endpoint(table);
        String profile = table.parsed("profile", Values::id);
        if (enabled) {
            checkType(table, type, endpoint != null);
            checkProfile(table, type, profile);
        }
        String model = table.parsed("model", Values::model);
        Map<String, Secret> headers = headers(table);
        Section ownTimeouts = table.section("timeouts");
        Timeouts timeouts = ownTimeouts == null ? global : timeouts(ownTimeouts, global);
        Map<String, Object> own = own(type, table);
        String disabled = enabled ? missing(id, environment) : "enabled = false in the configuration";
        return new ProviderSettings(
                id, type, disabled == null, disabled, keys, endpoint, profile, model, headers, timeouts, own, null);
    }

    /** What the start would say of a table that no installed plugin serves, or not without a key. */
    private void checkType(Section table, String type, boolean ownEndpoint) {
        if (installed.types().isEmpty()) {
            return;
        }
        if (!installed.types().contains(type)) {
            table.warning(
                    "type",
                    "'" + type + "' is served by no jar in plugins/; the table waits for one."
                            + Nearest.question(type, installed.types()) + " There are: "
                            + String.join(", ", new TreeSet<>(installed.types())) + ".");
        } else if (installed.keyed().contains(type)
                && !ownEndpoint
                && !table.has("api_key")
                && !table.has("api_keys")
                && !table.has("headers")) {
            String variable = installed.keys().getOrDefault(type, "");
            table.warning(
                    "api_key",
                    "is missing, and the API asks for one. Write api_key = \"${"
                            + (variable.isEmpty() ? "NAME" : variable) + "}\", and set that variable.");
        }
        if (installed.rootless().contains(type) && !ownEndpoint) {
            table.warning(
                    "endpoint",
                    "is missing, and the type '" + type + "' has none of its own: no call can be served. Write endpoint"
                            + " = \"https://…\".");
        }
    }

    /** A profile that no rule is kept for is silently taken for a server without peculiarities. */
    private void checkProfile(Section table, String type, @Nullable String profile) {
        Set<String> fitting = installed.profiles().getOrDefault(type, Set.of());
        if (profile == null || fitting.isEmpty() || fitting.contains(profile)) {
            return;
        }
        boolean elsewhere = installed.allProfiles().contains(profile);
        table.warning(
                "profile",
                (elsewhere
                                ? "'" + profile + "' has the rules of an API that the type '" + type
                                        + "' does not speak."
                                : "'" + profile + "' is known to no jar in plugins/, so no vendor's rules hold."
                                        + Nearest.question(profile, fitting))
                        + " There are: " + String.join(", ", new TreeSet<>(fitting)) + ".");
    }

    private @Nullable String missing(String id, Environment environment) {
        if (environment.missing().isEmpty()) {
            return null;
        }
        Environment.Missing first = environment.missing().getFirst();
        String names = String.join(
                ", ",
                new TreeSet<>(environment.missing().stream()
                        .map(Environment.Missing::variable)
                        .toList()));
        String reason = names.contains(",")
                ? "the environment variables " + names + " are not set or are empty"
                : "the environment variable " + names + " is not set or is empty";
        problems.warning(first.at(), "providers." + id + " is disabled: " + reason + ".");
        return reason;
    }

    private static List<Secret> keys(Section table) {
        if (table.has("api_key") && table.has("api_keys")) {
            table.error("api_keys", "stands beside api_key. Keep one of the two.");
        }
        List<Section.Text> texts = new ArrayList<>(table.texts("api_keys"));
        Section.Text single = table.text("api_key");
        if (single != null) {
            texts.addFirst(single);
        }
        List<Secret> keys = new ArrayList<>();
        for (Section.Text text : texts) {
            String key = text.equals(single) ? "api_key" : "api_keys";
            // "${NAME:-}" says on purpose that there may be none.
            if (text.value().isBlank()) {
                if (text.written().isBlank()) {
                    table.warning(key, "is empty: the provider is asked without a credential. Remove it, or fill it.");
                }
                continue;
            }
            VariableName.check(table, key, text);
            Secret secret = table.parsed(key, text, Values::credential);
            if (secret != null) {
                keys.add(secret);
            }
        }
        return keys;
    }

    private static @Nullable URI endpoint(Section table) {
        URI endpoint = table.parsed("endpoint", Values::endpoint);
        URI base = table.parsed("base_url", Values::endpoint);
        if (endpoint != null && base != null) {
            if (endpoint.equals(base)) {
                table.warning("base_url", "repeats endpoint, of which it is a synonym. Keep one of the two.");
            } else {
                table.error("base_url", "conflicts with endpoint, of which it is a synonym. Keep one of the two.");
            }
        }
        return endpoint == null ? root(table, "base_url", base) : root(table, "endpoint", endpoint);
    }

    /** Many examples elsewhere give the address of a call where the API's root is meant. */
    private static @Nullable URI root(Section table, String key, @Nullable URI written) {
        String text = String.valueOf(written).replaceFirst("/+$", "");
        for (String operation : OPERATIONS) {
            if (text.endsWith(operation)) {
                table.warning(key, "is the address of a call; the API's root is used. Drop '" + operation + "'.");
                return URI.create(text.substring(0, text.length() - operation.length()));
            }
        }
        return written;
    }

    private static Map<String, Secret> headers(Section table) {
        Section section = table.section("headers");
        if (section == null) {
            return Map.of();
        }
        Map<String, Secret> headers = new LinkedHashMap<>();
        for (String name : section.keys()) {
            Section.Text text = section.text(name);
            Secret value = text == null ? null : section.parsed(name, text, Values::headerValue);
            if (text != null) {
                VariableName.check(section, name, text);
            }
            if (!Values.headerName(name)) {
                section.error(name, "is no name for a header. Use letters, digits and '-'.");
            } else if (NOT_TO_BE_SET.contains(name.toLowerCase(Locale.ROOT))) {
                section.error(name, "is a header the gateway sets itself. Remove it.");
            } else if (value != null) {
                headers.put(name, value);
            }
        }
        return headers;
    }

    /** @param unsaid what counts where the table says nothing */
    static Timeouts timeouts(Section table, Timeouts unsaid) {
        long day = 86_400_000;
        long firstEvent = table.whole("first_event_ms", 0, day, unsaid.firstEventMillis());
        long whole = table.has("first_event_ms") ? firstEvent : unsaid.wholeMillis();
        Timeouts timeouts = new Timeouts(
                table.whole("connect_ms", 0, day, unsaid.connectMillis()),
                firstEvent,
                table.whole("whole_ms", 0, day, whole),
                table.whole("idle_ms", 0, day, unsaid.idleMillis()),
                table.whole("total_ms", 0, day, unsaid.totalMillis()));
        table.refuseOthers(TIMEOUT_KEYS);
        return timeouts;
    }

    /** The plugin's own settings: refused where its bundle does not know them, or where they look like a slip. */
    private Map<String, Object> own(String type, Section table) {
        Optional<Set<String>> known = ownKeys.apply(type);
        Map<String, Object> own = new LinkedHashMap<>();
        for (String key : table.keys()) {
            boolean itsOwn = known.isPresent() && known.get().contains(key);
            if (HOST_KEYS.contains(key) || (!itsOwn && OriginalKeys.inProvider(table, key))) {
                continue;
            }
            if (itsOwn) {
                put(own, key, table.plain(key));
            } else if (TIMEOUT_KEYS.contains(key)) {
                table.error(key, "belongs into the provider's table [….timeouts].");
            } else if (LIKE_A_SECRET.contains(key.toLowerCase(Locale.ROOT))) {
                table.error(key, "is unknown, and plugins see no secrets. Did you mean 'api_key'?");
            } else if (known.isPresent() || slip(key)) {
                List<String> words = new ArrayList<>(HOST_KEYS);
                known.ifPresent(keys -> words.addAll(new TreeSet<>(keys)));
                table.refuse(key, words);
            } else {
                put(own, key, table.plain(key));
            }
        }
        return own;
    }

    private static void put(Map<String, Object> own, String key, @Nullable Object value) {
        if (value != null) {
            own.put(key, value);
        }
    }

    /** Whether a key is a host's key misspelt; a plural such as {@code models} is a word of its own. */
    private static boolean slip(String key) {
        return Nearest.to(key, HOST_KEYS)
                .filter(host -> !key.equals(host + "s"))
                .isPresent();
    }
}
