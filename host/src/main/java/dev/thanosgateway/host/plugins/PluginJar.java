package dev.thanosgateway.host.plugins;

import java.nio.file.Path;
import java.util.List;
import org.osgi.framework.Version;

/**
 * A jar that was looked at and found sound.
 *
 * @param sha256 of its bytes, hex
 * @param copy the gateway's own copy; what happens to the file in the folder does not touch it
 * @param exports one clause for each package
 * @param imports one clause for each package but its own and the JDK's {@code java.*}
 * @param trusted whether its digest is known
 */
record PluginJar(
        String sha256,
        Path copy,
        String symbolicName,
        Version version,
        List<ManifestHeader.Clause> exports,
        List<ManifestHeader.Clause> imports,
        List<ProviderType> types,
        boolean trusted) {
    /** Symbolic name and version, for messages. */
    String label() {
        return symbolicName + " " + version;
    }
}
