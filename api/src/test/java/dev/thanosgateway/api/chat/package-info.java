/** What the canonical chat promises. */
@NullMarked
package dev.thanosgateway.api.chat;

import org.jspecify.annotations.NullMarked;
