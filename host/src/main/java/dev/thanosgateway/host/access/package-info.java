/** Who may call: keys, and the Host and Origin of a request. */
@NullMarked
package dev.thanosgateway.host.access;

import org.jspecify.annotations.NullMarked;
