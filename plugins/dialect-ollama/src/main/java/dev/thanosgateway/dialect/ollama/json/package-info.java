/** JSON in bytes: values by where they stand, so that a relay changes a request at one place and nowhere else. */
@NullMarked
package dev.thanosgateway.dialect.ollama.json;

import org.jspecify.annotations.NullMarked;
