/** What the gateway does as it starts. */
@NullMarked
package dev.thanosgateway.host;

import org.jspecify.annotations.NullMarked;
