package dev.thanosgateway.host.grpc;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.admission.Caller;
import dev.thanosgateway.host.admission.Verdict;
import dev.thanosgateway.host.decision.Arrival;
import dev.thanosgateway.host.decision.Decisions;
import dev.thanosgateway.host.dispatch.Begun;
import dev.thanosgateway.host.dispatch.ForwardedHeaders;
import io.grpc.Context;
import io.grpc.Metadata;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one call's metadata said, and what its answer's will say. */
final class CallHead {
    /** The head of the call being served. */
    static final Context.Key<CallHead> KEY = Context.key("thanos-call");

    static final Metadata.Key<String> REQUEST_ID = key("x-request-id");
    private static final Pattern SANE_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]{1,64}");
    private static final int MAX_VALUE_CHARS = 256;
    /** Of the client's metadata what may go upstream; what else HTTP forwards belongs to a dialect, which this is not. */
    private static final List<Metadata.Key<String>> FORWARDED =
            ForwardedHeaders.ALWAYS.stream().map(CallHead::key).toList();

    private final String requestId;
    private final @Nullable Caller caller;
    private final long startNanos = System.nanoTime();
    private final List<Map.Entry<String, String>> forwarded = new ArrayList<>();
    private final AtomicReference<@Nullable Begun> begun = new AtomicReference<>();
    private volatile Verdict verdict = Verdict.OPEN;
    private volatile boolean recorded;

    /** @param caller whose key is good, or who needs none; null = it may not see everything */
    CallHead(Metadata request, @Nullable Caller caller) {
        this.caller = caller;
        String given = request.get(REQUEST_ID);
        requestId = given != null && SANE_ID.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
        for (Metadata.Key<String> key : FORWARDED) {
            String value = request.get(key);
            if (value != null) {
                forwarded.add(new SimpleImmutableEntry<>(key.name(), value));
            }
        }
    }

    String requestId() {
        return requestId;
    }

    boolean keyed() {
        return caller != null;
    }

    Arrival arrival() {
        Caller known = caller;
        return new Arrival(requestId, Calls.ENDPOINT, startNanos, known != null, known == null ? null : known.keyId());
    }

    /** A call answers here from now on, and its record says what becomes of it. */
    void dispatched() {
        recorded = true;
    }

    /** Notes why it is refused, unless something else was noted before. */
    void refused(Decisions decisions, GatewayException why) {
        if (!recorded) {
            recorded = true;
            decisions.refused(arrival(), why);
        }
    }

    List<Map.Entry<String, String>> forwarded() {
        return forwarded;
    }

    /** What admission says of the call. */
    void admission(Verdict said) {
        verdict = said;
    }

    /** The answer began: from now on its head says who serves it. */
    void begun(Begun answer) {
        begun.set(answer);
    }

    /** Adds what the answer's head, or the trailers of one without a head, say. */
    void writeTo(Metadata answer) {
        put(answer, REQUEST_ID.name(), requestId);
        verdict.headers().forEach(e -> put(answer, e.getKey(), e.getValue()));
        Begun who = begun.get();
        if (who == null) {
            return;
        }
        put(answer, "x-thanos-provider", who.provider());
        put(answer, "x-thanos-model", who.model());
        put(answer, "x-thanos-attempts", Integer.toString(who.attempts()));
        put(answer, "x-thanos-overhead-ms", String.format(Locale.ROOT, "%.3f", who.overheadNanos() / 1e6));
        who.upstreamHeaders()
                .forEach(e -> put(answer, verdict.upstreamName(e.getKey()).toLowerCase(Locale.ROOT), e.getValue()));
    }

    private static void put(Metadata answer, String name, String value) {
        if (!NAME.matcher(name).matches() || name.endsWith(Metadata.BINARY_HEADER_SUFFIX) || name.startsWith("grpc-")) {
            return;
        }
        Metadata.Key<String> key = key(name);
        if (!answer.containsKey(key)) {
            answer.put(key, printable(value));
        }
    }

    /** Metadata holds printable ASCII only. */
    private static String printable(String value) {
        String bounded = value.length() > MAX_VALUE_CHARS ? value.substring(0, MAX_VALUE_CHARS) : value;
        return bounded.replaceAll("[^\\x20-\\x7E]", "?");
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
