package dev.thanosgateway.e2e;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The official SDKs for Node, unmodified, through the gateway. */
class NodeSdkIT {
    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(Configurations.openai(upstream)).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @TestFactory
    List<DynamicTest> openai() throws Exception {
        return NodeSdk.tests("openai.mjs", gateway.v1(), FakeOpenAi.KEY, "openai/");
    }

    @TestFactory
    List<DynamicTest> grpcWithTheOriginalFieldNumbers() throws Exception {
        String proto = Path.of(System.getProperty("sources", ".."), "proto/src/main/protobuf/thanos.proto")
                .toAbsolutePath()
                .normalize()
                .toString();
        return NodeSdk.tests("grpc.mjs", "127.0.0.1:" + gateway.grpcPort(), proto);
    }
}
