/** What the strategy {@code least-busy} promises. */
@NullMarked
package dev.thanosgateway.strategy.leastbusy;

import org.jspecify.annotations.NullMarked;
