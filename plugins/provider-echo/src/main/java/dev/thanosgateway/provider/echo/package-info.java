/** A provider that answers by itself: for a first run without keys, and for trying clients and the gateway. */
@NullMarked
package dev.thanosgateway.provider.echo;

import org.jspecify.annotations.NullMarked;
