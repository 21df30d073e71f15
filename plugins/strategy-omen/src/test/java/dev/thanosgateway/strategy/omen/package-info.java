/** What the strategy {@code omen} promises. */
@NullMarked
package dev.thanosgateway.strategy.omen;

import org.jspecify.annotations.NullMarked;
