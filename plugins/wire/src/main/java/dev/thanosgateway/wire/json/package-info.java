/** JSON in bytes: values by where they stand, so that a relay changes a request at one place and nowhere else. */
@NullMarked
package dev.thanosgateway.wire.json;

import org.jspecify.annotations.NullMarked;
