/** The strategy {@code round-robin}: every provider has its turn. */
@NullMarked
package dev.thanosgateway.strategy.roundrobin;

import org.jspecify.annotations.NullMarked;
