/** Whether the rules find what they are there to find. */
@NullMarked
package dev.thanosgateway.tck;

import org.jspecify.annotations.NullMarked;
