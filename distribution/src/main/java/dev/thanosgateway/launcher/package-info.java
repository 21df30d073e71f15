/** Starts the framework with what is on the class path, and ends it. */
@NullMarked
package dev.thanosgateway.launcher;

import org.jspecify.annotations.NullMarked;
