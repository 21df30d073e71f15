/** The strategy {@code least-latency}: who answers soonest. */
@NullMarked
package dev.thanosgateway.strategy.leastlatency;

import org.jspecify.annotations.NullMarked;
