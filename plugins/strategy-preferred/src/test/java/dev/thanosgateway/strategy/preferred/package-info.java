/** What the strategy {@code preferred} promises. */
@NullMarked
package dev.thanosgateway.strategy.preferred;

import org.jspecify.annotations.NullMarked;
