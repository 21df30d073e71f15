/** What a routing strategy bundle implements: pure planning over a snapshot of what is live. */
@Export
@Version("1.1.0")
@NullMarked
package dev.thanosgateway.api.routing;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
