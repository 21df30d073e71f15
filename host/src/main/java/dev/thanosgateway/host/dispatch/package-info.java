/** The one way of a request: name, plan, attempt, first event, commit. */
@NullMarked
package dev.thanosgateway.host.dispatch;

import org.jspecify.annotations.NullMarked;
