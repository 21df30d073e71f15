/** What a scrape says after what was counted. */
@NullMarked
package dev.thanosgateway.host.metrics;

import org.jspecify.annotations.NullMarked;
