/** The strategy {@code cheapest}: who takes the least money. */
@NullMarked
package dev.thanosgateway.strategy.cheapest;

import org.jspecify.annotations.NullMarked;
