/** What the gateway counts of itself. */
@NullMarked
package dev.thanosgateway.host.metrics;

import org.jspecify.annotations.NullMarked;
