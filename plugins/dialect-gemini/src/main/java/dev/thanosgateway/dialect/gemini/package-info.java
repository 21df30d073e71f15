/**
 * The Gemini wire language. Facing clients: {@link dev.thanosgateway.dialect.gemini.GeminiDialect}. Facing upstreams:
 * {@link dev.thanosgateway.dialect.gemini.Gemini}, of which a provider for an endpoint that speaks it is made.
 *
 * <p>Wire formats: the models, content generation and error pages of Google's Gemini API reference, v1beta; protocol
 * buffers' JSON form, in which names may be written in camel or snake case; {@code google.rpc.Status}.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.thanosgateway.dialect.gemini;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
