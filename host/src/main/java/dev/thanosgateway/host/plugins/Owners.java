package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which bundle each type, PID, strategy and dialect belongs to: the one that served it first, until an operator switches.
 * For a type it also says which endpoints of the bundle's own may be sent a configured key, and which variables its key
 * may be adopted from. Kept in a file that all instances of a state folder share. Used with the turn.
 */
final class Owners {
    private static final Logger LOG = LoggerFactory.getLogger(Owners.class);

    /** The command that each refusal names. */
    static final String SWITCH = "thanos plugins switch ";

    enum Kind {
        TYPE,
        PID,
        VARIABLE,
        STRATEGY,
        DIALECT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What can belong to one bundle only. */
    record Claim(Kind kind, String name) {
        @Override
        public String toString() {
            return (kind == Kind.PID ? "PID" : kind.word()) + " '" + name + "'";
        }
    }

    /**
     * @param bundle symbolic name
     * @param endpoints of the bundle's own that were approved for keys; only of a type
     */
    private record Owner(String bundle, Set<String> endpoints) {}

    private final Path file;
    private Map<Claim, Owner> owners = new LinkedHashMap<>();
    private @Nullable FileTime seen;

    /** @param file made when the first claim is; its folder too */
    Owners(Path file) {
        this.file = file;
    }

    /** Reads the file if another instance has changed it. @return whether it had */
    boolean refresh() {
        try {
            FileTime now = Files.exists(file) ? Files.getLastModifiedTime(file) : null;
            if (now == null || now.equals(seen)) {
                return false;
            }
            owners = read();
            seen = now;
            return true;
        } catch (IOException e) {
            LOG.warn("{} cannot be read ({}); what was known of the owners goes on", file, e.toString());
            return false;
        }
    }

    /** The symbolic name of the owner; null = it belongs to nobody yet. */
    @Nullable
    String of(Claim claim) {
        Owner owner = owners.get(claim);
        return owner == null ? null : owner.bundle();
    }

    boolean owns(String bundle, Kind kind, String name) {
        return bundle.equals(of(new Claim(kind, name)));
    }

    /** The place in the order of the first claims; those without an owner come last. */
    int rank(Kind kind, String name) {
        int place = new ArrayList<>(owners.keySet()).indexOf(new Claim(kind, name));
        return place < 0 ? Integer.MAX_VALUE : place;
    }

    /** All of one kind, in the order of the first claims. */
    List<Claim> all(Kind kind) {
        return owners.keySet().stream().filter(claim -> claim.kind() == kind).toList();
    }

    /** @throws PluginRefusal when something the jar declares belongs to another bundle, or an endpoint is not approved */
    void check(PluginJar jar) throws PluginRefusal {
        for (ProviderType type : jar.types()) {
            check(jar, new Claim(Kind.TYPE, type.type()));
            check(jar, new Claim(Kind.PID, type.pid()));
            Owner owner = owners.get(new Claim(Kind.TYPE, type.type()));
            URI endpoint = type.endpoint();
            if (owner != null
                    && endpoint != null
                    && !jar.trusted()
                    && !owner.endpoints().contains(endpoint.toString())) {
                String approved = owner.endpoints().isEmpty()
                        ? "to no endpoint of its own"
                        : "to " + String.join(", ", owner.endpoints());
                throw PluginRefusal.owned(
                        new Claim(Kind.TYPE, type.type()),
                        "its own endpoint for the type '" + type.type() + "' is " + shown(endpoint)
                                + ", but keys of that type go " + approved + " only; to approve it: "
                                + command(type.type(), jar.symbolicName()));
            }
        }
    }

    /** @throws PluginRefusal when it belongs to another bundle */
    void check(PluginJar jar, Claim claim) throws PluginRefusal {
        String owner = of(claim);
        if (owner != null && !owner.equals(jar.symbolicName())) {
            throw PluginRefusal.owned(
                    claim,
                    "the " + claim + " belongs to " + owner + "; to give it to this one: "
                            + command(claim.name(), jar.symbolicName()));
        }
    }

    /** @throws PluginRefusal when one of its services takes what belongs to another bundle */
    void check(PluginJar jar, List<LiveEntry> entries) throws PluginRefusal {
        for (LiveEntry entry : entries) {
            Claim claim = entry.claim();
            if (claim != null) {
                check(jar, claim);
            }
        }
    }

    /** Whether nothing it would serve has been taken by another bundle since it was begun. */
    boolean allow(Deployment made) {
        try {
            check(made.jar());
            check(made.jar(), made.entries());
            return true;
        } catch (PluginRefusal e) {
            return false;
        }
    }

    private static String command(String name, String bundle) {
        return SWITCH + name + " " + bundle;
    }

    private static String shown(URI endpoint) {
        return endpoint.getRawUserInfo() == null
                ? endpoint.toString()
                : endpoint.toString().replace(endpoint.getRawUserInfo() + "@", "");
    }

    /** What belongs to nobody yet belongs to this bundle from now on. Jars that ship also own their variables. */
    void take(PluginJar jar, List<Claim> served) {
        List<Claim> claims = new ArrayList<>(served);
        Map<Claim, URI> endpoints = new LinkedHashMap<>();
        for (ProviderType type : jar.types()) {
            Claim claim = new Claim(Kind.TYPE, type.type());
            claims.add(claim);
            claims.add(new Claim(Kind.PID, type.pid()));
            if (jar.trusted()) {
                type.env().forEach(name -> claims.add(new Claim(Kind.VARIABLE, name)));
            }
            URI endpoint = type.endpoint();
            if (endpoint != null
                    && (of(claim) == null || (jar.trusted() && owns(jar.symbolicName(), claim.kind(), claim.name())))) {
                endpoints.put(claim, endpoint);
            }
        }
        boolean known = claims.stream().allMatch(owners::containsKey)
                && endpoints.entrySet().stream().allMatch(one -> approved(one.getKey(), one.getValue()));
        if (!known) {
            change(now -> {
                claims.forEach(claim -> now.putIfAbsent(claim, new Owner(jar.symbolicName(), Set.of())));
                endpoints.forEach((claim, endpoint) -> approve(now, claim, jar.symbolicName(), endpoint));
            });
        }
    }

    private boolean approved(Claim claim, URI endpoint) {
        Owner owner = owners.get(claim);
        return owner != null && owner.endpoints().contains(endpoint.toString());
    }

    private static void approve(Map<Claim, Owner> now, Claim claim, String bundle, URI endpoint) {
        Owner owner = now.get(claim);
        if (owner != null && owner.bundle().equals(bundle)) {
            Set<String> endpoints = new LinkedHashSet<>(owner.endpoints());
            endpoints.add(endpoint.toString());
            now.put(claim, new Owner(bundle, endpoints));
        }
    }

    /**
     * The operator gives something to a bundle, and with it all types that its jar declares, with their PIDs, endpoints
     * and variables.
     *
     * @return the bundles that had any of it
     */
    Set<String> give(Claim claim, PluginJar jar) {
        Set<Claim> claims = new LinkedHashSet<>(Set.of(claim));
        for (ProviderType type : jar.types()) {
            claims.add(new Claim(Kind.TYPE, type.type()));
            claims.add(new Claim(Kind.PID, type.pid()));
            type.env().forEach(name -> claims.add(new Claim(Kind.VARIABLE, name)));
        }
        Set<String> before = new LinkedHashSet<>();
        change(now -> {
            for (Claim one : claims) {
                Owner owner = now.get(one);
                if (owner == null || !owner.bundle().equals(jar.symbolicName())) {
                    now.put(one, new Owner(jar.symbolicName(), Set.of()));
                }
                if (owner != null && one.kind() != Kind.VARIABLE) {
                    before.add(owner.bundle());
                }
            }
            for (ProviderType type : jar.types()) {
                URI endpoint = type.endpoint();
                if (endpoint != null) {
                    approve(now, new Claim(Kind.TYPE, type.type()), jar.symbolicName(), endpoint);
                }
            }
        });
        return before;
    }

    /** What there is now, to go back to with {@link #restore}. */
    Map<Claim, ?> state() {
        return new LinkedHashMap<>(owners);
    }

    /**
     * Takes back what a bundle was given since.
     *
     * @param state from {@link #state}
     */
    void restore(Map<Claim, ?> state, String bundle) {
        change(now -> {
            Map<Claim, Owner> since = new LinkedHashMap<>(now);
            now.clear();
            state.forEach((claim, owner) -> now.put(claim, (Owner) owner));
            since.forEach((claim, owner) -> {
                if (!owner.bundle().equals(bundle)) {
                    now.put(claim, owner);
                }
            });
        });
    }

    private void change(Consumer<Map<Claim, Owner>> edit) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel gate = FileChannel.open(
                            file.resolveSibling(file.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock held = gate.lock()) {
                if (held.isValid() && Files.exists(file)) {
                    owners = read();
                }
                edit.accept(owners);
                Path next = Files.createTempFile(file.toAbsolutePath().getParent(), ".owners", ".next");
                Files.writeString(next, written());
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                seen = Files.getLastModifiedTime(file);
            }
        } catch (IOException e) {
            edit.accept(owners);
            LOG.warn("{} cannot be written ({}); who owns what is forgotten at the next start", file, e.toString());
        }
    }

    private String written() {
        StringBuilder text = new StringBuilder(
                "# Which bundle owns what, and which endpoints may get its keys. Changed by: thanos plugins switch\n");
        owners.forEach((claim, owner) -> {
            text.append(claim.kind().word()).append(' ').append(coded(claim.name()));
            text.append(' ').append(coded(owner.bundle()));
            owner.endpoints().forEach(endpoint -> text.append(' ').append(coded(endpoint)));
            text.append('\n');
        });
        return text.toString();
    }

    private Map<Claim, Owner> read() throws IOException {
        Map<Claim, Owner> read = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.strip().split(" ");
            if (line.startsWith("#") || words.length < 3) {
                continue;
            }
            try {
                Set<String> endpoints = new LinkedHashSet<>();
                for (int i = 3; i < words.length; i++) {
                    endpoints.add(decoded(words[i]));
                }
                Kind kind = Kind.valueOf(words[0].toUpperCase(Locale.ROOT));
                read.put(new Claim(kind, decoded(words[1])), new Owner(decoded(words[2]), endpoints));
            } catch (IllegalArgumentException e) {
                LOG.warn("{} has a line that cannot be read: {}", file, line);
            }
        }
        return read;
    }

    private static String coded(String word) {
        return URLEncoder.encode(word, StandardCharsets.UTF_8)
                .replace("%3A", ":")
                .replace("%2F", "/");
    }

    private static String decoded(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }
}
