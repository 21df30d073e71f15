/**
 * What a provider bundle implements. A provider is pure translation: it opens no socket, starts no thread, keeps
 * no timer and never sees a secret; the host owns all of those.
 *
 * <p>A bundle declares each provider type it brings with a capability in its manifest, so that the host knows it
 * before any of its code runs:
 *
 * <pre>
 * Provide-Capability: thanos.provider;type=openai;pid="dev.thanosgateway.provider.openai";
 *     endpoint="https://api.openai.com";env="OPENAI_API_KEY";key=true
 * </pre>
 *
 * <p>{@code type} is what {@code [providers.<id>] type} names; {@code pid} is the factory PID of the component;
 * {@code endpoint} the root used when the table names none; {@code env} the variables a key is adopted from;
 * {@code key} whether calls need a credential; {@code probe=true} that, where nothing is configured, it may be looked for
 * at its endpoint on this machine; {@code aggregator=true} that it passes on models which others make: a bare name goes to
 * their own providers first. A provider without {@code endpoint} is not called over HTTP.
 *
 * <p>What models take in a request is kept in catalogues by the <em>profile</em> of the endpoint: which vendor's rules hold
 * there, see {@link dev.thanosgateway.api.catalog.TraitTable}. {@code profile} in a provider's table names it. Where it does
 * not, a table has the profile of its type's own name if it names no endpoint, or one at the same host as the declared
 * {@code endpoint}; at another endpoint it has the profile that the type declares with {@code compatible}, such as
 * {@code compatible=openai-compatible}, or its own where it declares none. {@code named=true} keeps the type's own
 * profile at every endpoint for the table that bears the type's name: {@code [providers.anthropic]} behind a proxy is
 * Anthropic still.
 */
@Export
@Version("1.1.0")
@NullMarked
package dev.thanosgateway.api.provider;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
