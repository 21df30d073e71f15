/** What the strategy {@code weighted} promises. */
@NullMarked
package dev.thanosgateway.strategy.weighted;

import org.jspecify.annotations.NullMarked;
