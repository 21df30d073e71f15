/** TOML to typed settings: read, check, refuse, explain. */
@NullMarked
package dev.thanosgateway.host.config;

import org.jspecify.annotations.NullMarked;
