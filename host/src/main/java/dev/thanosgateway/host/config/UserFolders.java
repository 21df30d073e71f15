package dev.thanosgateway.host.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * The folders of the user the gateway runs as, by the XDG rules. The environment decides: {@code user.home} is what the
 * password file says, and a container, a service unit or {@code sudo} may say otherwise.
 */
public final class UserFolders {
    private UserFolders() {}

    /** {@code $XDG_CONFIG_HOME}, else {@code ~/.config}. */
    public static Path config(Map<String, String> environment) {
        return folder(environment, "XDG_CONFIG_HOME", ".config");
    }

    /** {@code $XDG_STATE_HOME}, else {@code ~/.local/state}. */
    public static Path state(Map<String, String> environment) {
        return folder(environment, "XDG_STATE_HOME", ".local/state");
    }

    private static Path folder(Map<String, String> environment, String variable, String belowHome) {
        String said = environment.getOrDefault(variable, "");
        // The XDG rules: a relative path is invalid and ignored.
        return said.startsWith("/") ? Path.of(said) : home(environment).resolve(belowHome);
    }

    private static Path home(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home", ".") : home)
                .toAbsolutePath();
    }
}
