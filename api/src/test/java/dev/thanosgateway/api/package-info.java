/** What the contract's types promise, and the rules every source of this repository keeps. */
@NullMarked
package dev.thanosgateway.api;

import org.jspecify.annotations.NullMarked;
