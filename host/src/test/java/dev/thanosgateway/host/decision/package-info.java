@NullMarked
package dev.thanosgateway.host.decision;

import org.jspecify.annotations.NullMarked;
