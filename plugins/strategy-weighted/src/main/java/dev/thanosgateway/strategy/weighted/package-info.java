/** The strategy {@code weighted}: every provider has its share. */
@NullMarked
package dev.thanosgateway.strategy.weighted;

import org.jspecify.annotations.NullMarked;
