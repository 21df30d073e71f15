/** The front end, the dispatcher and the transport on real sockets, with a toy language between them. */
@NullMarked
package dev.thanosgateway.host.http;

import org.jspecify.annotations.NullMarked;
