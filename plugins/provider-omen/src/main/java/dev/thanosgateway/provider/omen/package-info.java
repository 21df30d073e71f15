/** Omen: OpenAI's language with deviations, and what it signals of its providers. */
@NullMarked
package dev.thanosgateway.provider.omen;

import org.jspecify.annotations.NullMarked;
