/** The plugins folder and what lives of it: look, verify, install beside, switch, drain, retire. */
@NullMarked
package dev.thanosgateway.host.plugins;

import org.jspecify.annotations.NullMarked;
