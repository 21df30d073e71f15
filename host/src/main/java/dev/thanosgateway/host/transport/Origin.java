package dev.thanosgateway.host.transport;

import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Secret;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where one provider's calls go, and the only holder of what they carry as credential. A call names a path; scheme,
 * host and port always are the endpoint's, so a credential reaches no other origin.
 */
public final class Origin {
    private static final Pattern VERSION = Pattern.compile("v\\d+[a-z0-9]*");
    /** Paths a provider uses are few; a plugin that makes up new ones all the time must not fill the memory. */
    private static final int REMEMBERED_PATHS = 256;

    private static final Pattern CREDENTIAL =
            Pattern.compile("auth|key|token|secret|password|cookie|credential", Pattern.CASE_INSENSITIVE);
    /** A shorter value is no credential, and would tear words apart. */
    private static final int SHORTEST_SECRET = 6;

    private final String provider;
    private final String root;
    private final boolean versioned;
    private final List<Secret> keys;
    private final Map<String, Secret> headers;
    private final long connectMillis;
    private final Secrets secrets;
    private final Map<String, URI> resolved;
    private final @Nullable Secret credential;

    /** @param endpoint the root of the API; its version segment may be there or not, a trailing slash does not matter */
    public Origin(ProviderSettings settings, URI endpoint) {
        this.provider = settings.id();
        String text = endpoint.toString();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        this.root = text;
        String path = endpoint.getPath() == null ? "" : endpoint.getPath();
        this.versioned = List.of(path.split("/")).stream()
                .anyMatch(segment -> VERSION.matcher(segment).matches());
        this.keys = settings.keys();
        this.headers = settings.headers();
        this.secrets = Secrets.of(credentials());
        this.connectMillis = settings.timeouts().connectMillis();
        this.resolved = new ConcurrentHashMap<>();
        this.credential = keys.isEmpty() ? null : keys.get(0);
    }

    private Origin(Origin same, Secret credential) {
        this.provider = same.provider;
        this.root = same.root;
        this.versioned = same.versioned;
        this.keys = same.keys;
        this.headers = same.headers;
        this.secrets = same.secrets;
        this.connectMillis = same.connectMillis;
        this.resolved = same.resolved;
        this.credential = credential;
    }

    /** The same place, asked with one of its credentials; without a choice it is the first. */
    public Origin with(KeyRing.@Nullable Key key) {
        return key == null || key.secret() == credential ? this : new Origin(this, key.secret());
    }

    String provider() {
        return provider;
    }

    long connectMillis() {
        return connectMillis;
    }

    Map<String, Secret> headers() {
        return headers;
    }

    /** The credential of a call; null = none is configured. */
    @Nullable
    Secret credential() {
        return credential;
    }

    /** What must not be seen in anything this origin answers. */
    Secrets secrets() {
        return secrets;
    }

    /** The keys, and of the configured headers those that look like one; a scheme before it is no part of it. */
    private List<String> credentials() {
        Stream<String> headed = headers.entrySet().stream()
                .filter(header -> CREDENTIAL.matcher(header.getKey()).find())
                .flatMap(header -> Stream.of(header.getValue().reveal().split(" ")));
        return Stream.concat(keys.stream().map(Secret::reveal), headed).toList();
    }

    /**
     * The full address of a call, its query credential included: never to be shown.
     *
     * @throws RefusedCallException when its path could leave the endpoint's; see {@link CallPath}
     */
    URI address(HttpCall call) {
        URI plain = resolved.get(call.path());
        if (plain == null) {
            plain = URI.create(root + below(call.path()));
            if (resolved.size() < REMEMBERED_PATHS) {
                resolved.put(call.path(), plain);
            }
        }
        Secret key = credential();
        String name = call.auth().name();
        return switch (call.auth().place()) {
            case QUERY ->
                key == null || name == null
                        ? plain
                        : URI.create(plain
                                + (plain.getRawQuery() == null ? "?" : "&")
                                + name
                                + "="
                                + URLEncoder.encode(key.reveal(), StandardCharsets.UTF_8));
            case NONE, BEARER, HEADER -> plain;
        };
    }

    /** A text that came from upstream, without any credential of this origin: vendors repeat a key they refuse. */
    public String redacted(String text) {
        String clean = text;
        for (Secret key : keys) {
            clean = without(clean, key);
        }
        for (Secret header : headers.values()) {
            clean = without(clean, header);
        }
        return clean;
    }

    private static String without(String text, Secret secret) {
        String value = secret.reveal();
        return value.length() < SHORTEST_SECRET ? text : text.replace(value, "[secret]");
    }

    private String below(String path) {
        CallPath.check(path);
        int end = path.indexOf('/', 1);
        boolean leads = end > 0 && VERSION.matcher(path.substring(1, end)).matches();
        return versioned && leads ? path.substring(end) : path;
    }
}
