/** The upstream HTTP engine: pools, credentials, limits, origin check. */
@NullMarked
package dev.thanosgateway.host.transport;

import org.jspecify.annotations.NullMarked;
