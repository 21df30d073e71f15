/** What languages share that write requests of other languages. */
@NullMarked
package dev.thanosgateway.wire.request;

import org.jspecify.annotations.NullMarked;
