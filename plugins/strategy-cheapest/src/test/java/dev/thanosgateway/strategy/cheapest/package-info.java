/** What the strategy {@code cheapest} promises. */
@NullMarked
package dev.thanosgateway.strategy.cheapest;

import org.jspecify.annotations.NullMarked;
