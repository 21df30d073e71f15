/**
 * The Ollama wire language. Facing clients: {@link dev.thanosgateway.dialect.ollama.OllamaDialect}. Facing upstreams:
 * {@link dev.thanosgateway.dialect.ollama.Ollama}.
 *
 * <p>Wire formats: {@code api/types.go} and {@code docs/api.md} of Ollama; streams are JSON values, one a line.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.thanosgateway.dialect.ollama;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
