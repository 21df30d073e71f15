/** The strategy {@code fallback}: one provider after the other, in the order of a chain. */
@NullMarked
package dev.thanosgateway.strategy.fallback;

import org.jspecify.annotations.NullMarked;
