/** Finds what is wrong with an installation, its configuration and its surroundings, and says how to mend it. */
@NullMarked
package dev.thanosgateway.host.doctor;

import org.jspecify.annotations.NullMarked;
