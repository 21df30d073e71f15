/** What may be asked, and how often: the one step before a chat is dispatched, and before an upstream is asked. */
@NullMarked
package dev.thanosgateway.host.admission;

import org.jspecify.annotations.NullMarked;
