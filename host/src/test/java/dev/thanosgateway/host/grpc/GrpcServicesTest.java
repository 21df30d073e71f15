package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.host.dispatch.Health;
import dev.thanosgateway.proto.Empty;
import dev.thanosgateway.proto.ModelInfo;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GrpcServicesTest {
    @Test
    void modelsAreListedWithWhatIsKnown() throws Exception {
        try (Served served = Served.open()) {
            served.models.add(new ModelCard(
                    "acme/a-1",
                    "acme",
                    Model.builder("a-1")
                            .name("A One")
                            .contextLength(128_000)
                            .maxOutput(4_096)
                            .capabilities(Set.of("vision", "functions"))
                            .pricing(Map.of("input", 0.15))
                            .ownedBy("Acme")
                            .created(1_700_000_000)
                            .build()));
            served.models.add(new ModelCard("fast", "acme", Model.builder("a-2").build()));
            List<ModelInfo> models =
                    served.client().listModels(Empty.getDefaultInstance()).getModelsList();
            ModelInfo one = models.get(0);
            assertThat(one.getId()).isEqualTo("acme/a-1");
            assertThat(one.getName()).isEqualTo("A One");
            assertThat(one.getContextLength()).isEqualTo(128_000);
            assertThat(one.getMaxOutput()).isEqualTo(4_096);
            assertThat(one.getSupportsStreaming()).isFalse();
            assertThat(one.getSupportsFunctions()).isTrue();
            assertThat(one.getSupportsVision()).isTrue();
            assertThat(one.getCapabilitiesList()).containsExactly("functions", "vision");
            assertThat(one.getPricingMap()).containsEntry("input", 0.15);
            ModelInfo alias = models.get(1);
            assertThat(alias.getId()).isEqualTo("fast");
            assertThat(alias.getProvider()).isEqualTo("acme");
            assertThat(alias.getName()).isEqualTo("a-2");
            assertThat(alias.getSupportsStreaming()).isTrue();
            assertThat(alias.hasCreated()).isFalse();
        }
    }

    @Test
    void aDefectIsInternalAndKeepsItsReasonToItself() throws Exception {
        try (Served served = Served.open()) {
            served.models.add(null);
            assertThatThrownBy(() -> served.client().listModels(Empty.getDefaultInstance()))
                    .hasMessageStartingWith("INTERNAL: The gateway failed; its log has the reason");
        }
    }

    @Test
    void healthFollowsReadinessAndDraining() throws Exception {
        try (Served served = Served.open()) {
            Iterator<HealthCheckResponse> watch = HealthGrpc.newBlockingStub(served.channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .watch(HealthCheckRequest.newBuilder()
                            .setService("thanos.ThanosService")
                            .build());
            assertThat(watch.next().getStatus().name()).isEqualTo("SERVING");
            served.health = new Health("unhealthy", false, 1, Map.of());
            assertThat(watch.next().getStatus().name()).isEqualTo("NOT_SERVING");
            served.health = new Health("healthy", true, 2, Map.of());
            assertThat(watch.next().getStatus().name()).isEqualTo("SERVING");
            served.frontEnd.drain();
            assertThat(watch.next().getStatus().name()).isEqualTo("NOT_SERVING");
        }
    }

    private static List<String> reflect(Served served) throws Exception {
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> ask = ServerReflectionGrpc.newStub(served.channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse answer) {
                        names.complete(answer.getListServicesResponse().getServiceList().stream()
                                .map(ServiceResponse::getName)
                                .toList());
                    }

                    @Override
                    public void onError(Throwable error) {
                        names.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {}
                });
        ask.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        try {
            return names.get(10, TimeUnit.SECONDS);
        } finally {
            ask.onCompleted();
        }
    }

    @Test
    void reflectionListsTheServicesOnLoopbackWithoutAKey() throws Exception {
        try (Served served = Served.keyed("127.0.0.1", "good")) {
            assertThat(reflect(served)).contains("thanos.ThanosService", "grpc.health.v1.Health");
        }
    }

    @Test
    void reflectionIsOffWhereOthersCanAsk() throws Exception {
        try (Served served = Served.keyed("0.0.0.0", "good")) {
            assertThatThrownBy(() -> reflect(served)).hasMessageContaining("UNIMPLEMENTED");
        }
    }
}
