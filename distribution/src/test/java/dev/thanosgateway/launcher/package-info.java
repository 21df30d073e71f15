/** The launcher's parts by themselves; the whole is in the end-to-end tests. */
@NullMarked
package dev.thanosgateway.launcher;

import org.jspecify.annotations.NullMarked;
