/** What was decided about each request and what came of it, kept for who asks why. */
@NullMarked
package dev.thanosgateway.host.decision;

import org.jspecify.annotations.NullMarked;
