package dev.thanosgateway.host.plugins;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One jar and what became of it.
 *
 * @param symbolicName null = it could not be read
 * @param path where it came from; null = installed by other means
 * @param state {@code serving}, {@code draining}, {@code waiting}, {@code refused}
 * @param reason one sentence, when it waits or was refused
 */
public record Deployed(
        @Nullable String symbolicName,
        @Nullable String version,
        @Nullable Path path,
        String state,
        @Nullable String reason) {}
