/**
 * The canonical chat: what a caller asks and what an answer says, in no vendor's words.
 *
 * <p>Every type is immutable. Types that will gain components have builders; records are those that will not.
 * A streamed answer is a sequence of {@link dev.thanosgateway.api.chat.ChatEvent}; a whole answer is the fold of
 * the same sequence, {@link dev.thanosgateway.api.chat.ChatFold}.
 */
@Export
@Version("1.3.0")
@NullMarked
package dev.thanosgateway.api.chat;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
