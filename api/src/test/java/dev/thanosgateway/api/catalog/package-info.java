/** What catalogues promise. */
@NullMarked
package dev.thanosgateway.api.catalog;

import org.jspecify.annotations.NullMarked;
