package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every client language x every kind of upstream that thinks, whole and streamed: a tool loop of three turns in which
 * the upstream gets its own thoughts, and what proves them, back at their place, and is asked for the same effort.
 */
class ThoughtsIT {
    private static final Map<ThoughtVendor, FakeUpstream> UPSTREAMS = new EnumMap<>(ThoughtVendor.class);
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        StringBuilder tables = new StringBuilder(Gateway.ANY_PORT);
        for (ThoughtVendor vendor : ThoughtVendor.values()) {
            FakeUpstream upstream = new FakeUpstream(vendor::answer);
            UPSTREAMS.put(vendor, upstream);
            tables.append(vendor.table(upstream.port()));
        }
        gateway = Gateway.with(tables.toString()).start();
        for (ThoughtVendor vendor : ThoughtVendor.values()) {
            gateway.awaitState(vendor.id(), "active");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : UPSTREAMS.values()) {
            upstream.close();
        }
    }

    /** Why a thought cannot come back in a cell; null = it can. */
    private static @Nullable String impossible(ThoughtClient client, ThoughtVendor vendor) {
        return vendor == ThoughtVendor.XAI_RESPONSES && client != ThoughtClient.RESPONSES
                ? "xAI encrypts thoughts at /v1/responses only, where its provider relays but does not translate"
                : null;
    }

    @TestFactory
    List<DynamicTest> thoughtsComeBackToTheirVendor() {
        List<DynamicTest> tests = new ArrayList<>();
        for (ThoughtClient client : ThoughtClient.values()) {
            for (ThoughtVendor vendor : ThoughtVendor.values()) {
                for (boolean stream : new boolean[] {false, true}) {
                    String why = impossible(client, vendor);
                    String name = client + (stream ? " streamed, " : " whole, ") + vendor;
                    tests.add(DynamicTest.dynamicTest(
                            why == null ? name : name + ": without thoughts, since " + why,
                            () -> converses(client, vendor, stream, why == null)));
                }
            }
        }
        return tests;
    }

    private static void converses(ThoughtClient client, ThoughtVendor vendor, boolean stream, boolean kept)
            throws Exception {
        FakeUpstream upstream = UPSTREAMS.get(vendor);
        upstream.script(vendor::answer);
        assertThat(client.play(gateway, vendor.asked(), stream)).contains("done");
        List<String> requests = new ArrayList<>();
        while (upstream.untaken() > 0) {
            FakeUpstream.Request request = upstream.take();
            if (request.line().startsWith("POST ") && !request.path().endsWith("/api/show")) {
                requests.add(request.text());
            }
        }
        assertThat(requests).hasSize(3);
        for (int turn = 1; turn <= requests.size(); turn++) {
            String request = requests.get(turn - 1);
            assertThat(request).as("effort in turn " + turn).contains(vendor.effort());
            assertThat(request).doesNotContain("thanos-", "foreign:", "gemini:", "openai:");
            List<String> expected = new ArrayList<>();
            for (int before = 1; before < turn && kept; before++) {
                expected.addAll(vendor.kept(before, client));
            }
            inOrder(request, expected);
        }
    }

    private static void inOrder(String request, List<String> expected) {
        int at = 0;
        for (String one : expected) {
            int found = request.indexOf(one, at);
            assertThat(found).as(one + " at its place in " + request).isNotNegative();
            at = found + one.length();
        }
    }
}
