/** The catalogue of the vendors' models: {@code models.txt} beside this, and what reads it. */
@NullMarked
package dev.thanosgateway.catalog.models;

import org.jspecify.annotations.NullMarked;
