/** The unpacked distribution as a child process, between real clients and fake upstreams. */
@NullMarked
package dev.thanosgateway.e2e;

import org.jspecify.annotations.NullMarked;
