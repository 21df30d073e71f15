/** Ollama, asked in its own language. */
@NullMarked
package dev.thanosgateway.provider.ollama;

import org.jspecify.annotations.NullMarked;
