/** The gRPC front end over the same dispatcher. */
@NullMarked
package dev.thanosgateway.host.grpc;

import org.jspecify.annotations.NullMarked;
