/** The admin socket: how commands reach a running gateway, and only its owner's. */
@NullMarked
package dev.thanosgateway.host.admin;

import org.jspecify.annotations.NullMarked;
