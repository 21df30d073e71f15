package dev.thanosgateway.host.grpc;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.host.dispatch.CallInfo;
import dev.thanosgateway.host.dispatch.ChatDispatcher;
import dev.thanosgateway.host.dispatch.Health;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.dispatch.ModelCatalog;
import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.ChatResponse;
import dev.thanosgateway.proto.Empty;
import dev.thanosgateway.proto.HealthResponse;
import dev.thanosgateway.proto.ModelInfo;
import dev.thanosgateway.proto.ModelsResponse;
import dev.thanosgateway.proto.ProviderHealth;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The protocol's three calls, each on a virtual thread of its own. */
final class ThanosCalls extends ThanosServiceGrpc.ThanosServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(ThanosCalls.class);

    private final ChatDispatcher dispatcher;
    private final ModelCatalog catalog;
    private final Health.Source health;
    private final String version;

    ThanosCalls(ChatDispatcher dispatcher, ModelCatalog catalog, Health.Source health, String version) {
        this.dispatcher = dispatcher;
        this.catalog = catalog;
        this.health = health;
        this.version = version;
    }

    @Override
    public void chatCompletion(ChatRequest request, StreamObserver<ChatResponse> observer) {
        ServerCallStreamObserver<ChatResponse> out = (ServerCallStreamObserver<ChatResponse>) observer;
        CallHead head = CallHead.KEY.get();
        GrpcAnswer answer = new GrpcAnswer(out, head, dispatcher.held().untaken());
        out.setOnReadyHandler(answer::writable);
        out.setOnCancelHandler(answer::cancel);
        out.setOnCloseHandler(answer::closed);
        try {
            Calls.refusal();
            dev.thanosgateway.api.chat.ChatRequest read = RequestReader.read(request);
            head.dispatched();
            answer.serving(dispatcher.dispatch(read, call(head), answer));
        } catch (GatewayException e) {
            refuse(head, answer, e);
        } catch (RuntimeException e) {
            refuse(head, answer, defect(head, e));
        } catch (OutOfMemoryError e) {
            LOG.error("Call {} found no memory", head.requestId(), e);
            refuse(head, answer, HeldBytes.exhausted(e));
        }
    }

    private void refuse(CallHead head, GrpcAnswer answer, GatewayException why) {
        head.refused(dispatcher.decisions(), why);
        answer.fail(why, 0);
    }

    @Override
    public void listModels(Empty request, StreamObserver<ModelsResponse> out) {
        ModelsResponse.Builder models = ModelsResponse.newBuilder();
        try {
            catalog.models().forEach(card -> models.addModels(model(card)));
        } catch (RuntimeException e) {
            out.onError(Failures.of(defect(CallHead.KEY.get(), e), null, 0));
            return;
        }
        out.onNext(models.build());
        out.onCompleted();
    }

    @Override
    public void health(Empty request, StreamObserver<HealthResponse> out) {
        Health now = health.now();
        boolean detailed = CallHead.KEY.get().keyed();
        HealthResponse.Builder answer = HealthResponse.newBuilder()
                .setStatus(now.status())
                .setReady(now.ready())
                .setUptime(now.uptimeSeconds());
        if (detailed) {
            answer.setVersion(version);
        }
        now.providers().forEach((id, provider) -> answer.addProviders(provider(id, provider, detailed)));
        out.onNext(answer.build());
        out.onCompleted();
    }

    private static CallInfo call(CallHead head) {
        Deadline deadline = Context.current().getDeadline();
        long until =
                deadline == null ? Long.MAX_VALUE : System.nanoTime() + deadline.timeRemaining(TimeUnit.NANOSECONDS);
        return new CallInfo(head.arrival(), until, head.forwarded(), Calls.memory());
    }

    private static GatewayException defect(CallHead head, RuntimeException e) {
        LOG.error("Call {} failed by a defect of the gateway", head.requestId(), e);
        return new GatewayException(
                ErrorKind.INTERNAL,
                "The gateway failed; its log has the reason under request id " + head.requestId() + ".",
                e);
    }

    private static ModelInfo model(ModelCard card) {
        Model model = card.model();
        String name = model.name();
        Set<String> able = model.capabilities();
        ModelInfo.Builder out = ModelInfo.newBuilder()
                .setId(card.id())
                .setProvider(card.provider())
                .setName(name == null ? model.id() : name)
                .setContextLength(model.contextLength())
                .setMaxOutput(model.maxOutput())
                // Nothing known: every chat model here can be streamed, the rest nobody can promise.
                .setSupportsStreaming(able.isEmpty() || able.contains("streaming"))
                .setSupportsFunctions(able.contains("functions"))
                .setSupportsVision(able.contains("vision"))
                .putAllPricing(model.pricing());
        able.stream().sorted().forEach(out::addCapabilities);
        String owner = model.ownedBy();
        if (owner != null) {
            out.setOwnedBy(owner);
        }
        if (model.created() > 0) {
            out.setCreated(model.created());
        }
        return out.build();
    }

    private static ProviderHealth provider(String id, Health.OfProvider provider, boolean detailed) {
        // The protocol's word for a provider that cannot serve is not the one for a gateway that cannot.
        ProviderHealth.Builder out = ProviderHealth.newBuilder()
                .setName(id)
                .setStatus(provider.status().equals("unhealthy") ? "unavailable" : provider.status());
        if (!detailed) {
            return out.build();
        }
        String error = provider.error();
        if (error != null) {
            out.setError(error);
        }
        Long latency = provider.latencyMillis();
        if (latency != null) {
            out.setLatencyMs(latency);
        }
        if (provider.lastCheck() > 0) {
            out.setLastCheck(provider.lastCheck());
        }
        return out.build();
    }
}
