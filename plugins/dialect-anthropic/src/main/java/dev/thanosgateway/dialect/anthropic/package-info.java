/**
 * The Anthropic wire language. Facing clients: {@link dev.thanosgateway.dialect.anthropic.AnthropicDialect}. Facing
 * upstreams: {@link dev.thanosgateway.dialect.anthropic.Anthropic}, of which a provider for any endpoint that speaks
 * this language is made, and {@link dev.thanosgateway.dialect.anthropic.AnthropicEvents}, for one whose streams turn
 * into it at times; how models depart from each other is in {@code ModelTraits}.
 *
 * <p>Wire formats: the messages, streaming, errors and models pages of Anthropic's API reference, versions 2023-06-01
 * and 2026-10-21; server-sent events as in WHATWG HTML 9.2.
 */
@Export
@Version("1.1.0")
@NullMarked
package dev.thanosgateway.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
