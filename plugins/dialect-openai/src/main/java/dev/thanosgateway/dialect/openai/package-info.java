/**
 * The OpenAI wire language. Facing clients: {@link dev.thanosgateway.dialect.openai.OpenAiDialect}. Facing
 * upstreams: {@link dev.thanosgateway.dialect.openai.OpenAi}, of which a provider for any endpoint that speaks this
 * language is made, with its deviations named in {@link dev.thanosgateway.dialect.openai.Quirks}.
 *
 * <p>Wire formats: the chat, responses, completions, embeddings and models pages of OpenAI's API reference;
 * server-sent events as in WHATWG HTML 9.2.
 */
@Export
@Version("1.1.0")
@NullMarked
package dev.thanosgateway.dialect.openai;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
