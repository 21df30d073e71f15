/** The commands that need no gateway of their own: they read files, or talk to a gateway that runs. */
@NullMarked
package dev.thanosgateway.host.command;

import org.jspecify.annotations.NullMarked;
