package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.provider.Model;

/**
 * A model as clients see it.
 *
 * @param id what a client writes to get it: {@code provider/model}, or an alias
 * @param provider the id of the provider that serves it
 */
public record ModelCard(String id, String provider, Model model) {}
