package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.ModelList;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking a provider for its models.
 *
 * @param models null = it gave none; beside a failure, what it gave before that
 * @param failure why not; null = it did, or has none to give
 * @param date the {@code Date} of its answer as it was sent; null = there was no answer, or none in it
 */
public record Listed(
        @Nullable ModelList models,
        @Nullable GatewayException failure,
        @Nullable String date) {}
