/** What every part of the gateway shares: how a failure is named, and JSON as text. */
@Export
@Version("1.2.0")
@NullMarked
package dev.thanosgateway.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
