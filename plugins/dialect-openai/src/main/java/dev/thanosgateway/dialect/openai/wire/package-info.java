/**
 * Bytes: JSON read and written, edits of it. Knows no vendor.
 *
 * <p>JSON is read here and not with a library because the relay needs what none gives in one pass: where in the
 * bytes a value stands, strict UTF-8, duplicate names at every level, and no object per value. The tests hold it
 * against Jackson.
 */
@NullMarked
package dev.thanosgateway.dialect.openai.wire;

import org.jspecify.annotations.NullMarked;
