/** Where calls go, and what they carry. */
@NullMarked
package dev.thanosgateway.host.transport;

import org.jspecify.annotations.NullMarked;
