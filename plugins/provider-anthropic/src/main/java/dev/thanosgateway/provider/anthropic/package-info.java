/** Anthropic, and any endpoint that speaks its messages API. */
@NullMarked
package dev.thanosgateway.provider.anthropic;

import org.jspecify.annotations.NullMarked;
