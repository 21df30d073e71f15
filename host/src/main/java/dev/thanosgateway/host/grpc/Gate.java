package dev.thanosgateway.host.grpc;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.access.Access;
import dev.thanosgateway.host.admission.Admission;
import dev.thanosgateway.host.admission.Caller;
import dev.thanosgateway.host.admission.Verdict;
import dev.thanosgateway.host.decision.Decisions;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets calls in or refuses them before a message is read, and gives every answer its metadata. */
final class Gate implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
    private static final Metadata.Key<String> API_KEY = key("x-api-key");
    private static final Metadata.Key<String> ORIGIN = key("origin");
    private static final Metadata.Key<String> FETCH_SITE = key("sec-fetch-site");
    private static final String BEARER = "bearer ";
    /** Served without a key: health, and what only tells the protocol. */
    private static final Set<String> OPEN_SERVICES =
            Set.of("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");

    private static final String OPEN_METHOD =
            ThanosServiceGrpc.getHealthMethod().getFullMethodName();

    private static final String CHAT =
            ThanosServiceGrpc.getChatCompletionMethod().getFullMethodName();

    private final Access access;
    private final Admission admission;
    private final Decisions decisions;
    private final Metrics metrics;

    Gate(Access access, Admission admission, Decisions decisions, Metrics metrics) {
        this.decisions = decisions;
        this.access = access;
        this.admission = admission;
        this.metrics = metrics;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
        GatewayException keyless = keyRefusal(metadata);
        GatewayException refused = sourceRefusal(call.getAuthority(), metadata);
        if (refused == null && !open(call)) {
            refused = keyless;
        }
        Caller caller = keyless == null ? caller(call, metadata) : null;
        CallHead head = new CallHead(metadata, caller);
        if (CHAT.equals(call.getMethodDescriptor().getFullMethodName())) {
            Calls.watch(head);
            if (refused == null && caller != null) {
                refused = admit(caller, head);
            }
        }
        ServerCall<Q, A> answering = new Answering<>(call, head);
        if (refused != null) {
            head.refused(decisions, refused);
            StatusRuntimeException status = Failures.of(refused, null, 0);
            Metadata trailers = status.getTrailers();
            answering.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(CallHead.KEY, head), answering, metadata, next);
    }

    private @Nullable GatewayException sourceRefusal(@Nullable String authority, Metadata metadata) {
        try {
            access.checkSource(authority, metadata.get(ORIGIN), metadata.get(FETCH_SITE));
            return null;
        } catch (GatewayException e) {
            return e;
        }
    }

    private @Nullable GatewayException keyRefusal(Metadata metadata) {
        if (!access.keyRequired()) {
            return null;
        }
        try {
            access.checkKey(credential(metadata));
            return null;
        } catch (GatewayException e) {
            return e;
        }
    }

    private Caller caller(ServerCall<?, ?> call, Metadata metadata) {
        String key = access.keyRequired() ? credential(metadata) : null;
        return Caller.of(key, call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    }

    private @Nullable GatewayException admit(Caller caller, CallHead head) {
        Verdict verdict = admission.admit(caller);
        head.admission(verdict);
        if (verdict.refusal() != null) {
            metrics.rateLimited(Calls.ENDPOINT);
        }
        return verdict.refusal();
    }

    private static boolean open(ServerCall<?, ?> call) {
        String service = call.getMethodDescriptor().getServiceName();
        return OPEN_METHOD.equals(call.getMethodDescriptor().getFullMethodName())
                || (service != null && OPEN_SERVICES.contains(service));
    }

    private static @Nullable String credential(Metadata metadata) {
        String authorization = metadata.get(AUTHORIZATION);
        if (authorization == null) {
            return metadata.get(API_KEY);
        }
        String trimmed = authorization.strip();
        if (trimmed.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return trimmed.substring(BEARER.length()).strip();
        }
        // gRPC clients have no header conventions of their own: many send the bare key.
        return trimmed.indexOf(' ') < 0 ? trimmed : null;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** Writes the call's head into the first metadata that goes out: the headers, or the trailers without them. */
    private static final class Answering<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final CallHead head;
        private boolean sent;

        Answering(ServerCall<Q, A> call, CallHead head) {
            super(call);
            this.head = head;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            sent = true;
            head.writeTo(headers);
            super.sendHeaders(headers);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!sent) {
                head.writeTo(trailers);
            }
            super.close(status, trailers);
        }
    }
}
