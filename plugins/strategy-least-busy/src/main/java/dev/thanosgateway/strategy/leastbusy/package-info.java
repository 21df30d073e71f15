/** The strategy {@code least-busy}: who has the fewest calls in flight. */
@NullMarked
package dev.thanosgateway.strategy.leastbusy;

import org.jspecify.annotations.NullMarked;
