package dev.thanosgateway.host.grpc;

import dev.thanosgateway.host.dispatch.Health;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code grpc.health.v1}, following the gateway's readiness. Safe to use from several threads. */
final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final long PERIOD_MILLIS = 500;

    private final Health.Source health;
    private final HealthStatusManager service = new HealthStatusManager();
    private final CountDownLatch stopped = new CountDownLatch(1);

    Readiness(Health.Source health) {
        this.health = health;
    }

    BindableService service() {
        return service.getHealthService();
    }

    /** Tells the state now, and from now on whenever it changes. */
    void start() {
        follow();
        Thread.ofVirtual().name("grpc-readiness").start(this::followUntilStopped);
    }

    /** Not ready, for good. Any number of times. */
    synchronized void stop() {
        if (stopped.getCount() > 0) {
            stopped.countDown();
            service.enterTerminalState();
        }
    }

    private void followUntilStopped() {
        try {
            while (!stopped.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                follow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks once; never throws, or nobody would ask again. */
    private void follow() {
        boolean ready = false;
        try {
            ready = health.now().ready();
        } catch (RuntimeException e) {
            LOG.warn("The gateway's health cannot be asked; gRPC health says not serving", e);
        }
        ServingStatus status = ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        service.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        service.setStatus(ThanosServiceGrpc.SERVICE_NAME, status);
    }
}
