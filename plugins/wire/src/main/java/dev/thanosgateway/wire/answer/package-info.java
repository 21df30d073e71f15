/** What upstreams answer that no dialect has a say in: bodies in one piece, what must not be answered, error texts. */
@NullMarked
package dev.thanosgateway.wire.answer;

import org.jspecify.annotations.NullMarked;
