/** What the strategy {@code round-robin} promises. */
@NullMarked
package dev.thanosgateway.strategy.roundrobin;

import org.jspecify.annotations.NullMarked;
