/** Texts as vectors, in the terms all dialects and providers share. */
@Export
@Version("1.0.0")
@NullMarked
package dev.thanosgateway.api.embeddings;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
