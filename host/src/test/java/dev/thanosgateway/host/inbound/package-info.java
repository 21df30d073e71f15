/** Tests of what every listener keeps to. */
@NullMarked
package dev.thanosgateway.host.inbound;

import org.jspecify.annotations.NullMarked;
