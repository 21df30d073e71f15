package dev.thanosgateway.launcher;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The unpacked folder: {@code bin/}, {@code lib/}, {@code plugins/}, {@code config/}.
 *
 * @param home its top
 */
record Installation(Path home) {
    /** The symbolic name of the host's bundle. */
    static final String HOST = "dev.thanosgateway.host";

    /** Jars of {@code lib/} that plugins may wire to; in the order they are started. The rest is invisible to them. */
    private static final List<String> BUNDLES = List.of(
            "slf4j-api",
            "jackson-annotations",
            "jackson-core",
            "jackson-databind",
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.osgi.service.cm",
            "thanos-api",
            "org.apache.felix.scr",
            "thanos-host");

    /** Where the jar with this class is, unless the script said. */
    static Installation find() throws StartException {
        String said = System.getProperty("thanos.home");
        if (said != null) {
            return new Installation(Path.of(said).toAbsolutePath().normalize());
        }
        try {
            Path jar = Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path lib = jar.getParent();
            if (lib != null && lib.getParent() != null) {
                return new Installation(lib.getParent());
            }
        } catch (URISyntaxException e) {
            // Falls through: the sentence below says what to do.
        }
        throw new StartException("Cannot tell where Thanos is installed: start it with bin/thanos.");
    }

    Path plugins() {
        return home.resolve("plugins");
    }

    /**
     * What a start writes to the state folder, in bytes: two copies of each plugin, and the little that the framework
     * and the host keep.
     */
    long room() {
        long room = 1 << 20;
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(plugins(), "*.jar")) {
            for (Path jar : jars) {
                room += 2 * Files.size(jar);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The folder is missing or changes at this moment: the host says what of it cannot be read.
        }
        return room;
    }

    /** @throws StartException naming what is missing */
    List<Path> bundles() throws StartException {
        List<Path> jars;
        try (Stream<Path> all = Files.list(home.resolve("lib"))) {
            jars = all.toList();
        } catch (IOException e) {
            throw new StartException("Cannot read " + home.resolve("lib") + ": unpack the distribution again.");
        }
        List<Path> found = new ArrayList<>();
        for (String name : BUNDLES) {
            found.add(jars.stream()
                    .filter(jar -> isVersionOf(name, jar.getFileName().toString()))
                    .findFirst()
                    .orElseThrow(() -> new StartException("The installation is incomplete, lib/ has no " + name
                            + ": unpack the distribution again.")));
        }
        return found;
    }

    private static boolean isVersionOf(String name, String file) {
        if (!file.startsWith(name) || !file.endsWith(".jar")) {
            return false;
        }
        String rest = file.substring(name.length(), file.length() - ".jar".length());
        return rest.isEmpty() || (rest.length() > 1 && rest.charAt(0) == '-' && Character.isDigit(rest.charAt(1)));
    }
}
