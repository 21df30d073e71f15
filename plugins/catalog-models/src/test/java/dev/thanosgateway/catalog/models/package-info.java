@NullMarked
package dev.thanosgateway.catalog.models;

import org.jspecify.annotations.NullMarked;
