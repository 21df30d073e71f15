/** What the echo provider promises, asked of it as the host asks. */
@NullMarked
package dev.thanosgateway.provider.echo;

import org.jspecify.annotations.NullMarked;
