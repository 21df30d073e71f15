/** The host bundle: puts its parts together, and takes them apart in the right order. */
@NullMarked
package dev.thanosgateway.host;

import org.jspecify.annotations.NullMarked;
