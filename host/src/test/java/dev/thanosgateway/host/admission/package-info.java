/** Tests. */
@NullMarked
package dev.thanosgateway.host.admission;

import org.jspecify.annotations.NullMarked;
