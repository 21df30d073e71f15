/** What the strategy {@code sticky} promises. */
@NullMarked
package dev.thanosgateway.strategy.sticky;

import org.jspecify.annotations.NullMarked;
