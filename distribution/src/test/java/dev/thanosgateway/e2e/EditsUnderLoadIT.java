package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hundred edits of the file, half of them bad, while calls and streams go on. */
class EditsUnderLoadIT {
    private static final int EDITS = 200;
    private static final int CALLERS = 3;
    private static final int STREAM_FRAMES = 30;
    private static final Duration TAKEN_OVER = Duration.ofSeconds(5);
    private static final String REFUSED = "The change is refused";

    private FakeUpstream steady;
    private FakeUpstream flow;
    private FakeUpstream one;
    private FakeUpstream other;
    private Gateway gateway;
    private EditedFile file;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger streamed = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        steady = new FakeUpstream(new FakeOpenAi());
        flow = new FakeUpstream(EditsUnderLoadIT::paced);
        one = new FakeUpstream(slowly(new FakeOpenAi()));
        other = new FakeUpstream(slowly(new FakeOpenAi()));
        Gateway.Builder builder = Gateway.with("");
        file = new EditedFile(builder.folder().resolve("thanos.toml"), steady, flow);
        file.mineEndpoint = one.endpoint();
        file.save();
        gateway = builder.start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : List.of(steady, flow, one, other)) {
            upstream.close();
        }
    }

    /** A stream that takes three seconds. */
    private static void paced(FakeUpstream.Call call) throws Exception {
        if (!call.request().line().startsWith("POST ")) {
            call.json(200, "{\"object\":\"list\",\"data\":[]}");
            return;
        }
        call.sse();
        for (int i = 0; i < STREAM_FRAMES; i++) {
            call.frame("{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                    + "[{\"index\":0,\"delta\":{\"content\":\"" + i + " \"},\"finish_reason\":null}]}");
            LockSupport.parkNanos(100_000_000);
        }
        call.frame("{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                + "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
        call.frame("[DONE]");
        call.endChunks();
    }

    /** Slow enough for a limit of 1 ms, fast enough for any other. */
    private static FakeUpstream.Script slowly(FakeUpstream.Script script) {
        return call -> {
            LockSupport.parkNanos(20_000_000);
            script.answer(call);
        };
    }

    @Test
    void noCallFailsNoStreamIsTouchedAndTheRightHalfIsInForce() throws Exception {
        List<CompletableFuture<List<String>>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                callers.add(CompletableFuture.supplyAsync(() -> failuresUntilOver(this::call), threads));
            }
            callers.add(CompletableFuture.supplyAsync(() -> failuresUntilOver(this::stream), threads));
            callers.add(CompletableFuture.supplyAsync(() -> failuresUntilOver(this::stream), threads));
            try {
                for (int edit = 0; edit < EDITS / 2; edit++) {
                    good(edit);
                    bad(edit);
                }
            } finally {
                over.set(true);
            }
            for (CompletableFuture<List<String>> caller : callers) {
                assertThat(caller.join()).isEmpty();
            }
        }
        assertThat(refusals()).hasSize(EDITS / 2);
        assertThat(gateway.output().split("was read again and is in force", -1)).hasSize(EDITS / 2 + 1);
        assertThat(served.get()).isGreaterThan(1_000);
        assertThat(streamed.get()).isGreaterThan(4);
    }

    private void good(int edit) throws Exception {
        String added = "added" + edit / 10;
        switch (edit % 10) {
            case 0 -> edited(() -> file.add(added), () -> status(added + "/fake-large") == 200);
            case 1 ->
                edited(
                        () -> file.alias = added + "/fake-large",
                        () -> provider("short").equals(added));
            case 2 -> {
                file.mineModel = file.mineModel.equals("fake-large") ? "fake-small" : "fake-large";
                edited(() -> {}, () -> header("auto", "x-thanos-model").startsWith(file.mineModel));
            }
            case 3 -> {
                FakeUpstream to = file.mineEndpoint.equals(one.endpoint()) ? other : one;
                to.script(slowly(new FakeOpenAi()));
                edited(() -> file.mineEndpoint = to.endpoint(), () -> {
                    int before = to.untaken();
                    return status("mine/fake-large") == 200 && to.untaken() > before;
                });
            }
            case 4 -> edited(() -> file.mineKey = "sk-wrong", () -> status("mine/fake-large") == 502);
            case 5 -> edited(() -> file.mineKey = FakeOpenAi.KEY, () -> status("mine/fake-large") == 200);
            case 6 -> edited(() -> file.mineWholeMillis = 1, () -> status("mine/fake-large") == 504);
            case 7 -> {
                file.mineWholeMillis = 10_000;
                edited(() -> file.preferred = "steady", () -> provider("auto").equals("steady"));
                file.preferred = "mine";
            }
            case 8 -> {
                file.strategy = file.strategy.equals("preferred") ? "not-deployed" : "preferred";
                boolean deployed = file.strategy.equals("preferred");
                file.perMinute = 900_000 + edit;
                edited(
                        () -> {},
                        () -> status("auto") == 200
                                && gateway.json("/health").has("routing") != deployed
                                && limit().equals("" + file.perMinute));
                file.strategy = "preferred";
            }
            default -> {
                file.alias = "steady/fake-small";
                file.perMinute = 0;
                edited(() -> file.remove(added), () -> status(added + "/fake-large") == 404 && limit().equals("500"));
            }
        }
    }

    private void edited(Runnable change, Callable<Boolean> inForce) throws Exception {
        change.run();
        file.save();
        String what = file.text();
        try {
            Eventually.within(TAKEN_OVER, "this is in force", inForce);
        } catch (AssertionError e) {
            throw new AssertionError("not in force:\n" + what + "\n" + gateway.output(), e);
        }
    }

    private void bad(int edit) throws Exception {
        String text = file.text() + Configurations.provider("bad" + edit, steady, "");
        int line = text.split("\n", -1).length;
        byte[] bytes = switch (edit % 8) {
            case 0 -> (text + "[sever]\n").getBytes(StandardCharsets.UTF_8);
            case 1 -> (text + "enabeld = true\n").getBytes(StandardCharsets.UTF_8);
            case 2 -> (text + "enabled = 1\n").getBytes(StandardCharsets.UTF_8);
            case 3 -> (text + "region = \"eu\n").getBytes(StandardCharsets.UTF_8);
            case 4 -> (text + "base_url = \"h:80\"\n").getBytes(StandardCharsets.UTF_8);
            case 5 -> (text + "[providers.mine]\n").getBytes(StandardCharsets.UTF_8);
            case 6 -> (text + "region = \"\u00e9\"\n").getBytes(StandardCharsets.ISO_8859_1);
            default -> (text + "[models.aliases.x]\n").getBytes(StandardCharsets.UTF_8);
        };
        int before = refusals().size();
        file.save(bytes);
        Eventually.within(
                TAKEN_OVER, "edit " + edit + " is refused", () -> refusals().size() > before);
        assertThat(refusals().getLast()).contains("thanos.toml:" + line + ":");
        assertThat(status("bad" + edit + "/fake-large")).isEqualTo(404);
    }

    /** Without those of a file that was cut and, on a busy disk, written more than a second later. */
    private List<String> refusals() {
        return gateway.errors().stream()
                .filter(line -> line.contains(REFUSED) && !line.contains("has become empty"))
                .toList();
    }

    private HttpResponse<String> chat(String model) throws Exception {
        return gateway.post(Chats.PATH, Chats.whole(model, "hi"));
    }

    private int status(String model) throws Exception {
        return chat(model).statusCode();
    }

    private String header(String model, String name) throws Exception {
        return chat(model).headers().firstValue(name).orElse("");
    }

    private String provider(String model) throws Exception {
        return header(model, "x-thanos-provider");
    }

    /** Ours, or the upstream's where we limit nobody. */
    private String limit() throws Exception {
        return header("steady/fake-large", "x-ratelimit-limit-requests");
    }

    private void call(List<String> failures) throws Exception {
        HttpResponse<String> answer = chat("steady/fake-large");
        if (answer.statusCode() == 200) {
            served.incrementAndGet();
        } else {
            failures.add(answer.body());
        }
        LockSupport.parkNanos(2_000_000);
    }

    private void stream(List<String> failures) throws Exception {
        Sse stream =
                Sse.of(gateway.post(Chats.PATH, Chats.stream("flow/m", "hi")).body());
        if (stream.done() && stream.text().endsWith(" " + (STREAM_FRAMES - 1) + " ")) {
            streamed.incrementAndGet();
        } else {
            failures.add("a stream ended after: " + stream.text());
        }
    }

    private interface Step {
        void run(List<String> failures) throws Exception;
    }

    private List<String> failuresUntilOver(Step step) {
        List<String> failures = new ArrayList<>();
        while (!over.get()) {
            try {
                step.run(failures);
            } catch (Exception e) {
                failures.add(e.toString());
            }
        }
        return failures;
    }
}
