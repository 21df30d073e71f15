/** The strategy {@code preferred}: one provider, chosen by configuration. */
@NullMarked
package dev.thanosgateway.strategy.preferred;

import org.jspecify.annotations.NullMarked;
