package dev.thanosgateway.host.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the configuration is, and its text. */
public final class ConfigFile {
    /** Enough for thousands of providers; a file beyond it is not a configuration. */
    static final int MOST_BYTES = 4 << 20;

    private ConfigFile() {}

    /**
     * Finds the file: what {@code --config} says, {@code THANOS_CONFIG}, then the first there is of {@code
     * config.toml} and {@code thanos.toml} in the working directory, {@code ~/.config/thanos/config.toml} and {@code
     * /etc/thanos/config.toml}. One that was named is returned whether it is there or not.
     *
     * @param given null = {@code --config} was not said
     * @param working what relative names are relative to
     * @return empty = none: the built-in defaults count
     */
    public static Optional<Path> find(@Nullable Path given, Map<String, String> environment, Path working, Path home) {
        if (given != null) {
            return Optional.of(working.resolve(given));
        }
        String named = environment.getOrDefault("THANOS_CONFIG", "");
        if (!named.isEmpty()) {
            return Optional.of(working.resolve(named));
        }
        // A link that leads nowhere is found, so that it is refused and not passed over.
        return List.of(
                        working.resolve("config.toml"),
                        working.resolve("thanos.toml"),
                        home.resolve(".config/thanos/config.toml"),
                        Path.of("/etc/thanos/config.toml"))
                .stream()
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    /**
     * Reads a file, blocking.
     *
     * @throws ConfigException that says why it cannot be read
     */
    public static String text(Path file) throws ConfigException {
        byte[] bytes;
        try {
            if (Files.isDirectory(file)) {
                throw refused(file, "is a directory. Name the file in it.");
            }
            // Not by its size: it may be a pipe, or grow meanwhile.
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(MOST_BYTES + 1);
            }
        } catch (NoSuchFileException e) {
            throw refused(file, "does not exist. Check --config and THANOS_CONFIG, and where links lead.");
        } catch (AccessDeniedException e) {
            throw refused(file, "may not be read by the user the gateway runs as. Change its permissions.");
        } catch (IOException e) {
            throw refused(file, "cannot be read: " + e.getMessage());
        }
        if (bytes.length > MOST_BYTES) {
            throw refused(file, "is larger than 4 MiB. Is it the right file?");
        }
        return decoded(file, bytes);
    }

    private static String decoded(Path file, byte[] bytes) throws ConfigException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
        } catch (CharacterCodingException e) {
            int line = 1;
            int column = 1;
            for (int i = 0; i < rest.position(); i++) {
                boolean newline = bytes[i] == '\n';
                line += newline ? 1 : 0;
                // Continuation bytes of a character are no columns of their own.
                column = newline ? 1 : column + ((bytes[i] & 0xC0) == 0x80 ? 0 : 1);
            }
            throw new ConfigException(
                    List.of(new Problem(file.toString(), line, column, "This is not UTF-8. Save the file as UTF-8.")));
        }
    }

    private static ConfigException refused(Path file, String clause) {
        return new ConfigException(List.of(new Problem(file.toString(), 0, 0, "The file " + clause)));
    }
}
