/** OpenAI, and any endpoint that speaks its chat API. */
@NullMarked
package dev.thanosgateway.provider.openai;

import org.jspecify.annotations.NullMarked;
