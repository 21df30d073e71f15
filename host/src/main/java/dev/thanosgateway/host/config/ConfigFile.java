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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Where the configuration is, and its text. */
public final class ConfigFile {
    /** Enough for thousands of providers; a file beyond it is not a configuration. */
    static final int MOST_BYTES = 4 << 20;

    /** A local file is read in a few; a pipe has a writer by then. */
    static final int MOST_MILLIS = 5_000;

    private ConfigFile() {}

    /**
     * Finds the file: what {@code --config} says, {@code THANOS_CONFIG}, then the first there is of {@code
     * config.toml} and {@code thanos.toml} in the working directory, {@code thanos/config.toml} in {@link
     * UserFolders#config} and {@code /etc/thanos/config.toml}. One that was named is returned whether it is there or not.
     *
     * @param given null = {@code --config} was not said
     * @param working what relative names are relative to
     * @return empty = none: the built-in defaults count
     */
    public static Optional<Path> find(@Nullable Path given, Map<String, String> environment, Path working) {
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
                        UserFolders.config(environment).resolve("thanos/config.toml"),
                        Path.of("/etc/thanos/config.toml"))
                .stream()
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    /**
     * Reads a file, blocking for {@link #MOST_MILLIS} at most.
     *
     * @throws ConfigException that says why it cannot be read
     */
    public static String text(Path file) throws ConfigException {
        if (Files.isDirectory(file)) {
            throw refused(file, "is a directory. Name the file in it.");
        }
        byte[] bytes;
        try {
            bytes = bytes(file).get(MOST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw refused(file, "gives no content. If it is a pipe, something must write to it and close it.");
        } catch (ExecutionException e) {
            throw unreadable(file, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(file, "was not read: the gateway stops.");
        }
        if (bytes.length > MOST_BYTES) {
            throw refused(file, "is larger than 4 MiB. Is it the right file?");
        }
        return decoded(file, bytes);
    }

    /**
     * Reads a file that is watched, as {@link #text} does. Pipes and devices are refused: they give their content once,
     * or without end.
     *
     * @throws ConfigException that says why it cannot be read
     */
    static String watchedText(Path file) throws ConfigException {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            throw refused(file, "is a pipe, a socket or a device. Replace it by a regular file.");
        }
        return text(file);
    }

    /** Whether a text sets nothing: blank lines and comments only. */
    static boolean blank(String toml) {
        return toml.lines()
                .map(line -> line.replace("\ufeff", "").strip())
                .allMatch(line -> line.isEmpty() || line.startsWith("#"));
    }

    /** Opening a pipe without a writer blocks, and cannot be interrupted: the thread is left behind then. */
    private static CompletableFuture<byte[]> bytes(Path file) {
        CompletableFuture<byte[]> bytes = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("config-file").start(() -> {
            // Not by its size: it may be a pipe, or grow meanwhile.
            try (InputStream in = Files.newInputStream(file)) {
                bytes.complete(in.readNBytes(MOST_BYTES + 1));
            } catch (IOException | RuntimeException e) {
                bytes.completeExceptionally(e);
            }
        });
        return bytes;
    }

    private static ConfigException unreadable(Path file, @Nullable Throwable why) {
        if (why instanceof NoSuchFileException) {
            return refused(file, "does not exist. Check --config and THANOS_CONFIG, and where links lead.");
        }
        if (why instanceof AccessDeniedException) {
            return refused(file, "may not be read by the user the gateway runs as. Change its permissions.");
        }
        return refused(file, "cannot be read: " + (why == null ? "no reason was given" : why.getMessage()));
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

    static ConfigException refused(Path file, String clause) {
        return new ConfigException(List.of(new Problem(file.toString(), 0, 0, "The file " + clause)));
    }
}
