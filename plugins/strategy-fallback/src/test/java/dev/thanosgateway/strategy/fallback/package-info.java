/** What the strategy {@code fallback} promises. */
@NullMarked
package dev.thanosgateway.strategy.fallback;

import org.jspecify.annotations.NullMarked;
