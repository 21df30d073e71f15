/**
 * What a dialect bundle implements: one wire language, facing clients. The host mounts the routes of every
 * {@link dev.thanosgateway.api.dialect.Dialect} service and takes them away with it.
 */
@Export
@Version("1.3.0")
@NullMarked
package dev.thanosgateway.api.dialect;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
