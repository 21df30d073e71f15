package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.admission.ProviderLimits;
import dev.thanosgateway.host.config.RetrySettings;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.decision.Arrival;
import dev.thanosgateway.host.decision.Decisions;
import dev.thanosgateway.host.decision.Trail;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.Registry;
import dev.thanosgateway.host.transport.Origin;
import dev.thanosgateway.host.transport.Transport;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The dispatcher: admits what is asked, has it planned, and hands it to a {@link Call}. */
public final class ChatService implements Dispatcher, AutoCloseable {
    private static final String RETRY_AFTER_SECONDS = "1";

    /** An origin belongs to one instance of a provider; a new generation gets a new one. */
    private record KnownOrigin(LiveProvider provider, Origin origin) {}

    private final Registry registry;
    private final Supplier<Settings> settings;
    private final Transport transport;
    private final Metrics metrics;
    private final Deadlines deadlines = new Deadlines();
    private final Router router;
    private final Models models;
    private final SignalBoard signals;
    private final TargetBoard targets;
    private final KeyRings keys = new KeyRings();
    private final ProviderHealth health;
    private final HeldBytes held;
    private final ProviderLimits limits;
    private final Decisions decisions;
    private final Map<String, KnownOrigin> origins = new ConcurrentHashMap<>();
    private final LocalThreads threads = new LocalThreads(System::nanoTime);
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger expected = new AtomicInteger();
    private volatile boolean draining;
    private volatile boolean cutting;

    public ChatService(Registry registry, Supplier<Settings> settings, Transport transport, Metrics metrics) {
        this.registry = registry;
        this.settings = settings;
        this.transport = transport;
        this.metrics = metrics;
        this.signals = new SignalBoard(
                () -> settings.get().routing().signalsMillis(),
                one -> registry.provider(one.id()) == one,
                transport,
                deadlines,
                keys);
        this.models = new Models(registry, settings, transport, deadlines, keys, signals);
        this.limits = new ProviderLimits(() -> settings.get().rateLimits());
        this.decisions = new Decisions(() -> settings.get().routing().decisions());
        this.targets =
                new TargetBoard(() -> settings.get().routing().breaker(), this::retry, metrics, System::nanoTime);
        this.router = new Router(registry, settings, models, targets, signals);
        this.health = new ProviderHealth(
                registry,
                targets,
                keys,
                () -> draining,
                () -> settings.get().routing().strategy());
        metrics.breakers(health::breakers);
        this.held = HeldBytes.of(settings);
    }

    public void start() {
        deadlines.start();
        deadlines.add(new IdleProbes(registry, () -> settings.get().routing().probes(), targets, health, models::ask));
        registry.onChange(this::changed);
        models.look();
    }

    /** Forgets instances that no longer serve, so that their classes can go. */
    private void changed() {
        targets.keep(id -> registry.provider(id) != null);
        keys.keep(id -> registry.provider(id) != null);
        signals.forget();
        origins.values().removeIf(known -> registry.provider(known.provider().id()) != known.provider());
        models.look();
    }

    public ModelCatalog models() {
        return models;
    }

    /** What the counted tokens cost; 0 = not known. */
    double dollars(LiveProvider provider, String model, Usage usage) {
        return Cost.dollars(usage, models.facts().pricing(provider, model));
    }

    /** The request as its target is sent it: under the target's name for the model, with what that model takes. */
    ChatRequest targeted(ChatRequest request, Course.Leg leg) {
        String model = leg.target().model();
        ModelFacts facts = models.facts();
        return request.withTarget(
                model,
                leg.withoutEffort() ? facts.withoutEffort(leg.provider(), model) : facts.traits(leg.provider(), model));
    }

    /** Whether a catalogue or the configuration lists the efforts a model takes; the list may be empty. */
    boolean knowsEfforts(Target target) {
        LiveProvider live = registry.provider(target.provider());
        return live != null && models.facts().traits(live, target.model()).list(Trait.EFFORT) != null;
    }

    /** As {@link ModelFacts#learnWithoutEffort}. */
    void learnWithoutEffort(Target refuses) {
        models.facts().learnWithoutEffort(refuses);
    }

    public Health.Source health() {
        return health;
    }

    @Override
    public ChatCall dispatch(ChatRequest request, CallInfo info, Answer answer) {
        return start(new ChatOperation(request.withSession(Sessions.of(info.forwardedHeaders())), answer), info);
    }

    @Override
    public ChatCall embed(EmbeddingsRequest request, CallInfo info, WholeAnswer<EmbeddingsResponse> answer) {
        return start(EmbeddingsOperation.of(request, Sessions.of(info.forwardedHeaders()), answer), info);
    }

    @Override
    public ChatCall count(ChatRequest request, CallInfo info, WholeAnswer<TokenCount> answer) {
        return start(new CountOperation(request.withSession(Sessions.of(info.forwardedHeaders())), answer), info);
    }

    @Override
    public Runnable expect() {
        expected.incrementAndGet();
        AtomicBoolean waits = new AtomicBoolean(true);
        return () -> {
            if (waits.compareAndSet(true, false)) {
                expected.decrementAndGet();
            }
        };
    }

    private ChatCall start(Operation<?> operation, CallInfo info) {
        Call<?> call = new Call<>(this, operation, info);
        int now = inFlight.incrementAndGet();
        GatewayException refusal = null;
        if (draining && (cutting || !info.expected())) {
            metrics.refused("draining");
            refusal = new GatewayException(
                            ErrorKind.DRAINING, "The gateway is stopping. Try again, or ask another instance.")
                    .withRetryAfter(RETRY_AFTER_SECONDS);
        } else if (now > settings.get().server().maxStreams()) {
            metrics.refused("streams");
            refusal = new GatewayException(
                            ErrorKind.OVERLOADED,
                            "The gateway serves as many calls as it may. Try again soon, or raise [server] max_streams.")
                    .withRetryAfter(RETRY_AFTER_SECONDS);
        }
        call.start(refusal);
        return call;
    }

    Trail trail(ChatRequest request, CallInfo info) {
        return decisions.begin(info.arrival(), request.model(), request.stream(), request.session() != null);
    }

    /**
     * How a request would be planned if it came now; nobody is asked for an answer. Blocks while listings of models are
     * fetched. What it tells is what JSON has.
     */
    public Map<String, @Nullable Object> dryRun(ChatRequest request) throws InterruptedException {
        Arrival nobody = new Arrival("", "", System.nanoTime(), true, null);
        Trail trail = decisions.begin(nobody, request.model(), request.stream(), false);
        return new DryRun(this, request, trail).run();
    }

    @Override
    public Decisions decisions() {
        return decisions;
    }

    @Override
    public HeldBytes held() {
        return held;
    }

    void left() {
        inFlight.decrementAndGet();
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Metrics metrics() {
        return metrics;
    }

    Router router() {
        return router;
    }

    TargetBoard targets() {
        return targets;
    }

    KeyRings keys() {
        return keys;
    }

    RetrySettings retry() {
        return settings.get().routing().retry();
    }

    /** When a stream begins without its first event; 0 = never. */
    long earlyMillis() {
        return settings.get().server().earlyKeepAliveMillis();
    }

    ProviderHealth board() {
        return health;
    }

    ProviderLimits limits() {
        return limits;
    }

    /** Whether calls that are still there must end now. */
    boolean cutting() {
        return cutting;
    }

    /** The instance that serves a provider's calls now, leased; null = none does. */
    @Nullable
    LiveProvider lease(String id) {
        // A swap may retire the instance between the two steps; the registry then knows the next one already.
        for (int tries = 0; tries < 3; tries++) {
            LiveProvider live = registry.provider(id);
            if (live == null) {
                return null;
            }
            if (live.acquire()) {
                return live;
            }
        }
        return null;
    }

    /** Asks a target over HTTP. */
    <T> Attempt overHttp(
            Attempt.Told<T> told, Operation<T> operation, HttpAttempt.Opening<T> opening, Course.Leg leg, CallInfo info)
            throws GatewayException {
        return new HttpAttempt<>(
                told,
                operation,
                leg.provider(),
                opening,
                origin(leg.provider()).with(leg.key()),
                transport,
                info.forwardedHeaders(),
                info.memory(),
                answerShare());
    }

    /** For what one attempt holds of its answer. */
    AnswerShare answerShare() {
        return new AnswerShare(held, metrics);
    }

    LocalThreads threads() {
        return threads;
    }

    private Origin origin(LiveProvider provider) throws GatewayException {
        KnownOrigin known = origins.get(provider.id());
        if (known != null && known.provider() == provider) {
            return known.origin();
        }
        URI endpoint = provider.endpoint();
        if (endpoint == null) {
            throw new GatewayException(
                            ErrorKind.NO_ROUTE,
                            "Provider '" + provider.id() + "' has no endpoint; set endpoint in its table.")
                    .asPermanent();
        }
        Origin origin = new Origin(provider.settings(), endpoint);
        origins.put(provider.id(), new KnownOrigin(provider, origin));
        return origin;
    }

    /** No new calls from now on; those in flight go on. */
    public void drain() {
        draining = true;
    }

    /**
     * Waits for calls in flight, then has the rest told that the gateway stops.
     *
     * @param millis how long to wait
     */
    public void finish(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        await(end);
        cutting = true;
        await(System.nanoTime() + TimeUnit.SECONDS.toNanos(2));
    }

    private void await(long endNanos) {
        while (inFlight.get() + expected.get() > 0 && System.nanoTime() - endNanos < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Override
    public void close() {
        deadlines.close();
    }
}
