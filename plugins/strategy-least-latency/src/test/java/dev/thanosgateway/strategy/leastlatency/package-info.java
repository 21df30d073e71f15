/** What the strategy {@code least-latency} promises. */
@NullMarked
package dev.thanosgateway.strategy.leastlatency;

import org.jspecify.annotations.NullMarked;
