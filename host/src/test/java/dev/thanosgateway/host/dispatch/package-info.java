/** What becomes of a chat, whatever happens to it. */
@NullMarked
package dev.thanosgateway.host.dispatch;

import org.jspecify.annotations.NullMarked;
