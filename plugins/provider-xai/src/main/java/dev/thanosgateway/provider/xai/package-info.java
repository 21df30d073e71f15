/** xAI, which speaks OpenAI's language. */
@NullMarked
package dev.thanosgateway.provider.xai;

import org.jspecify.annotations.NullMarked;
