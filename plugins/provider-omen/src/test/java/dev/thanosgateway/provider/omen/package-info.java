/** What the Omen provider promises. */
@NullMarked
package dev.thanosgateway.provider.omen;

import org.jspecify.annotations.NullMarked;
