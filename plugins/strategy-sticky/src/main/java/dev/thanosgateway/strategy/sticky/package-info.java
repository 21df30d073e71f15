/** The strategy {@code sticky}: a conversation stays where it is. */
@NullMarked
package dev.thanosgateway.strategy.sticky;

import org.jspecify.annotations.NullMarked;
