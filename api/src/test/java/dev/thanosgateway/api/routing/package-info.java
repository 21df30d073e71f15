/** What plans and snapshots promise. */
@NullMarked
package dev.thanosgateway.api.routing;

import org.jspecify.annotations.NullMarked;
