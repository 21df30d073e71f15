/**
 * The rules of the plugins' contracts as tests, for this repository's plugins and for yours: a jar on the test class
 * path, never deployed. A plugin's test class extends one of {@link dev.thanosgateway.tck.ProviderTck}, {@link
 * dev.thanosgateway.tck.ModelListingTck}, {@link dev.thanosgateway.tck.SignalsTck}, {@link
 * dev.thanosgateway.tck.EmbeddingsTck}, {@link dev.thanosgateway.tck.TokenCountTck}, {@link
 * dev.thanosgateway.tck.LocalProviderTck}, {@link dev.thanosgateway.tck.RelayTck}, {@link
 * dev.thanosgateway.tck.DialectTck}, {@link dev.thanosgateway.tck.ChatDialectTck}, {@link
 * dev.thanosgateway.tck.EmbeddingsDialectTck} and {@link dev.thanosgateway.tck.StrategyTck}, and says what is to be tested:
 *
 * <pre>
 * class MyProviderTckTest extends ProviderTck {
 *     &#64;Override
 *     protected Chat provider() {
 *         return new MyProvider();
 *     }
 * }
 * </pre>
 *
 * <p>For tests of its own, {@link dev.thanosgateway.tck.PlayedHost} plays the host: it keeps what an exchange gives, and makes
 * requests for a dialect.
 *
 * <p>Each rule has a number, a sentence and a test of that name, so that a failure says what was promised.
 *
 * <h2>Cassettes</h2>
 *
 * <p>What goes to an upstream and comes from it is kept in {@code src/test/resources/cassettes}, a folder a case:
 *
 * <ul>
 *   <li>{@code request.json}: the chat the provider is given, in OpenAI's words and a few more for what those have no
 *       word for: a document by its address, a tool's error, thoughts with their signatures, budgets, hints of another
 *       language. {@code Requests} and {@code Messages} of this package list them all.
 *       In its place {@code embeddings.json}, a request for embeddings: {@code model}, {@code input} (an array of
 *       strings, or of arrays of tokens), {@code dimensions}, {@code encoding_format}, {@code user}, {@code task},
 *       {@code title}, {@code truncate}; or {@code count.json}, a chat whose tokens are to be counted.
 *   <li>{@code answer.http}: the upstream's answer as it was on the wire after transfer coding: status line, header
 *       lines, an empty line, the body. A recorded one is best; {@code curl -i} writes one.
 *   <li>{@code events.txt}: what must come out, a line an event, as the event prints itself, with line breaks written
 *       as {@code \n} and a backslash doubled; for a failure a last line such as {@code failure UPSTREAM_LIMITED}.
 *       Leave it away at first and run the test with {@code -Dtck.keep}: it is
 *       written. Check it by eye, then commit it.
 *   <li>{@code call.json}: the body the call must have, compared as JSON; may be left out.
 *   <li>{@code dropped.txt}, beside {@code call.json}: a line a name of what the call leaves out of the request; without
 *       the file that is nothing.
 * </ul>
 *
 * <p>Requests that must be refused have no answer: {@code refused/requests.json} is an object of them, by the name of the
 * case, each with the field that is in the way in {@code refused} beside its own.
 *
 * <p>Errors as the vendor words them are {@code errors/answers.json}, likewise an object by the names of the cases:
 * {@code status}, {@code headers}, {@code body}, and what must become of it: {@code kind}, {@code retry_after}, {@code
 * parameter}, {@code says}.
 *
 * <p>There must be a whole answer, a stream and an error status. Two cassettes that say the same, {@code x-stream} and
 * {@code x-whole}, are checked to fold to the same answer. A stream that fails in its middle is a cassette too. The
 * models' list is {@code models/answer.http}, with an id a line in {@code events.txt}.
 *
 * <p>What is relayed as bytes has cassettes of its own in {@code src/test/resources/relays}: {@code path.txt} with the
 * path a client asks at and its query if it has one, {@code request.json} as the client sends it, {@code answer.http}, and {@code frames.txt} with a
 * line a frame, its meaning before it.
 *
 * <p>Every answer is also given in slices of 1, 2, 3 and 7 bytes, cut in two at every byte, cut off at every byte, and
 * with bytes changed, lost and repeated; every stream with other line ends, without the last one, with comments, events,
 * fields and members nobody knows, and with a line of 1 MiB; all with words nobody knows. What is relayed likewise. The
 * buffer is overwritten after each slice.
 */
@NullMarked
package dev.thanosgateway.tck;

import org.jspecify.annotations.NullMarked;
