package dev.thanosgateway.host.plugins;

import dev.thanosgateway.host.metrics.Metrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jars of the folder that do not serve, and why. */
final class IdleJars {
    private static final Logger LOG = LoggerFactory.getLogger(IdleJars.class);

    private final Deployments deployments;
    private final Guarded guarded;
    private final Metrics metrics;
    private final Set<String> told = new HashSet<>();

    IdleJars(Deployments deployments, Guarded guarded, Metrics metrics) {
        this.guarded = guarded;
        this.deployments = deployments;
        this.metrics = metrics;
    }

    /** What a refusal is remembered by: the place and the bytes. */
    static String key(Path path, @Nullable PluginJar jar) {
        return path + " " + (jar == null ? "" : jar.sha256());
    }

    /** Each with its state and the reason, in the folder's order. */
    List<Deployed> idle(List<PluginFolder.Seen> seen, Map<String, PluginRefusal> refusals) {
        List<Deployed> idle = new ArrayList<>();
        for (PluginFolder.Seen file : seen) {
            PluginJar jar = file.jar();
            if (jar == null) {
                String state = file.refused() == null ? "waiting" : "refused";
                String reason = file.refused() == null ? file.waiting() : file.refused();
                idle.add(new Deployed(null, null, file.path(), state, reason));
                continue;
            }
            Deployment serving = deployments.serving(jar.symbolicName());
            PluginRefusal refusal = refusals.get(key(file.path(), jar));
            String version = jar.version().toString();
            String stuck = starting(jar);
            if (refusal != null) {
                String state = refusal.claim() == null ? "refused" : "waiting";
                idle.add(new Deployed(jar.symbolicName(), version, file.path(), state, refusal.reason()));
            } else if (stuck != null) {
                idle.add(new Deployed(jar.symbolicName(), version, file.path(), "waiting", stuck));
            } else if (serving == null) {
                idle.add(new Deployed(jar.symbolicName(), version, file.path(), "waiting", "it is next"));
            } else if (!file.path().equals(serving.path())) {
                String reason = "version " + serving.jar().version() + " of it serves";
                idle.add(new Deployed(jar.symbolicName(), version, file.path(), "waiting", reason));
            }
        }
        return idle;
    }

    /** Why the jar does not come up, if its code does not return; else null. */
    private @Nullable String starting(PluginJar jar) {
        for (Deployment one : guarded.stuck()) {
            if (one.state() == Deployment.State.STARTING && one.jar().equals(jar)) {
                return guarded.stuck(one);
            }
        }
        return null;
    }

    /** Why jars that declare a type were refused, by type. */
    Map<String, String> unusable(List<PluginFolder.Seen> seen, Map<String, PluginRefusal> refusals) {
        Map<String, String> reasons = new HashMap<>();
        for (PluginFolder.Seen file : seen) {
            PluginRefusal refusal = file.jar() == null ? null : refusals.get(key(file.path(), file.jar()));
            if (refusal != null && file.jar() != null) {
                String verb = refusal.claim() == null ? " is refused: " : " waits: ";
                String reason = "plugin " + file.jar().label() + verb + refusal.reason();
                file.jar().types().forEach(t -> reasons.putIfAbsent(t.type(), reason));
            }
        }
        return reasons;
    }

    /** Says once of each refused jar why. */
    void report(List<PluginFolder.Seen> seen, Map<String, PluginRefusal> refusals) {
        Set<String> now = new HashSet<>();
        for (Deployed jar : idle(seen, refusals)) {
            boolean owned = String.valueOf(jar.reason()).contains(Owners.SWITCH);
            if (jar.state().equals("refused") || owned) {
                String file =
                        String.valueOf(jar.path() == null ? null : jar.path().getFileName());
                String line = file + " " + jar.version() + " " + jar.reason();
                now.add(line);
                if (!told.contains(line)) {
                    LOG.warn("plugin {} {}: {}", file, owned ? "waits" : "is refused", jar.reason());
                    metrics.pluginSwap(jar.symbolicName() == null ? file : jar.symbolicName(), "refused");
                }
            }
        }
        told.clear();
        told.addAll(now);
    }
}
