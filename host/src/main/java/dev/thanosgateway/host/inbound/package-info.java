/** What every listener keeps to: how long half-sent input may take, and how many connections may be open. */
@NullMarked
package dev.thanosgateway.host.inbound;

import org.jspecify.annotations.NullMarked;
