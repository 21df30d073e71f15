package dev.thanosgateway.host.grpc;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;

/**
 * Answers messages that cannot be read, where gRPC alone would answer UNKNOWN or INTERNAL: bytes that are no protobuf or
 * do not inflate, and fewer or more messages than a call has. Messages pass as bytes, so that reading them can fail here.
 */
final class MessageErrors implements ServerInterceptor {
    private static final MethodDescriptor.Marshaller<InputStream> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(InputStream message) {
            return message;
        }

        @Override
        public InputStream parse(InputStream message) {
            return message;
        }
    };

    private MessageErrors() {}

    static ServerServiceDefinition answeredFor(BindableService service) {
        return answeredFor(service.bindService());
    }

    static ServerServiceDefinition answeredFor(ServerServiceDefinition service) {
        return ServerInterceptors.intercept(
                ServerInterceptors.useMarshalledMessages(service, BYTES), new MessageErrors());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(new Answering<>(call), headers)) {
            private boolean unreadable;

            @Override
            public void onMessage(Q message) {
                if (unreadable) {
                    return;
                }
                try {
                    super.onMessage(message);
                } catch (RuntimeException e) {
                    unreadable = true;
                    refuse(call, e);
                }
            }

            @Override
            public void onHalfClose() {
                if (!unreadable) {
                    super.onHalfClose();
                }
            }
        };
    }

    private static void refuse(ServerCall<?, ?> call, RuntimeException why) {
        boolean large = Status.fromThrowable(why).getCode() == Status.Code.RESOURCE_EXHAUSTED;
        refuse(
                call,
                large
                        ? new GatewayException(
                                ErrorKind.TOO_LARGE,
                                "The message is larger than is accepted once inflated. Send less, or raise [server]"
                                        + " max_body_mb.")
                        : new GatewayException(
                                ErrorKind.INVALID_REQUEST,
                                "The message cannot be read: it must be the protobuf "
                                        + call.getMethodDescriptor().getFullMethodName()
                                        + " takes, compressed as grpc-encoding says."));
    }

    private static void refuse(ServerCall<?, ?> call, GatewayException why) {
        StatusRuntimeException failure = Failures.of(why, null, 0);
        Metadata trailers = failure.getTrailers();
        call.close(failure.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    /** gRPC's stubs call it INTERNAL, without details, when the number of messages is wrong. */
    private static final class Answering<Q, A> extends SimpleForwardingServerCall<Q, A> {
        Answering(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (status.getCode() == Status.Code.INTERNAL && trailers.keys().isEmpty()) {
                refuse(
                        delegate(),
                        new GatewayException(
                                ErrorKind.INVALID_REQUEST,
                                "Send exactly one message. " + status.getDescription() + "."));
            } else {
                super.close(status, trailers);
            }
        }
    }
}
