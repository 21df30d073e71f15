/** What {@code distribution/bench} needs besides the distribution. */
@NullMarked
package dev.thanosgateway.bench;

import org.jspecify.annotations.NullMarked;
