/** The strategy {@code omen}: Omen is asked for the model it thinks best of, then the chain. */
@NullMarked
package dev.thanosgateway.strategy.omen;

import org.jspecify.annotations.NullMarked;
