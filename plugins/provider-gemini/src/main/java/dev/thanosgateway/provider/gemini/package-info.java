/** Google Gemini through its own API. */
@NullMarked
package dev.thanosgateway.provider.gemini;

import org.jspecify.annotations.NullMarked;
