/** Server-sent events, read out of bytes. Knows no vendor. */
@NullMarked
package dev.thanosgateway.wire.sse;

import org.jspecify.annotations.NullMarked;
