/** The HTTP front end: the live route table, ingress, writing answers. */
@NullMarked
package dev.thanosgateway.host.http;

import org.jspecify.annotations.NullMarked;
