package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Many bad requests at one gateway, some at a time, each on a connection of its own. Those that get no answer are kept:
 * the gateway has to end them by itself.
 */
final class Corpus {
    private static final int AT_ONCE = 128;
    private static final int SHOWN = 8;
    private static final int SHOWN_LINES = 40;
    private static final int QUIET_MILLIS = 400;
    private static final Duration HELD_LIMIT = Duration.ofSeconds(30);

    private final Gateway gateway;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();

    Corpus(Gateway gateway) {
        this.gateway = gateway;
    }

    /** A request that is still unanswered. */
    private record Held(Answers answers, byte[] request, long sinceNanos) {}

    /** Sends {@code count} requests and checks what comes back. */
    void run(int count, IntFunction<byte[]> cases) throws Exception {
        List<Future<@Nullable Held>> all = new ArrayList<>();
        Semaphore slots = new Semaphore(AT_ONCE);
        List<Held> held = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                slots.acquire();
                all.add(clients.submit(() -> {
                    try {
                        return one(cases.apply(number));
                    } catch (Exception | AssertionError e) {
                        failures.add("case " + number + ": " + e.getMessage());
                        return null;
                    } finally {
                        slots.release();
                    }
                }));
            }
            for (Future<@Nullable Held> one : all) {
                Held open = one.get(60, TimeUnit.SECONDS);
                if (open != null) {
                    held.add(open);
                }
            }
        }
        System.out.println("answers " + new TreeMap<>(statuses) + ", unanswered at first " + held.size());
        for (Held open : held) {
            letGo(open);
        }
        assertThat(failures.stream().limit(SHOWN))
                .as(failures.size() + " of " + count + " cases; the log ends with\n"
                        + gateway.errors().stream()
                                .filter(line -> !line.startsWith("\tat java."))
                                .skip(Math.max(0, gateway.errors().size() - SHOWN_LINES))
                                .collect(Collectors.joining("\n")))
                .isEmpty();
    }

    private @Nullable Held one(byte[] request) throws Exception {
        Answers answers = new Answers(gateway.port());
        answers.send(request);
        boolean ended = answers.read(QUIET_MILLIS);
        if (!ended && answers.none()) {
            return new Held(answers, request, System.nanoTime());
        }
        try (answers) {
            count(answers.check(request));
        }
        return null;
    }

    private void letGo(Held open) throws Exception {
        try (Answers answers = open.answers()) {
            boolean ended;
            do {
                // Once at least: it may have ended long ago, while others were sent.
                ended = answers.read(QUIET_MILLIS);
            } while (!ended && answers.none() && System.nanoTime() - open.sinceNanos() < HELD_LIMIT.toNanos());
            if (ended || !answers.none()) {
                count(answers.check(open.request()));
            } else {
                failures.add("held for more than 30 s:\n" + Answers.shown(open.request()));
            }
        } catch (AssertionError e) {
            failures.add(e.getMessage());
        }
    }

    private void count(List<Integer> codes) {
        codes.forEach(code -> statuses.merge(code, 1, Integer::sum));
    }

    /** What the answers were, by status. */
    Map<Integer, Integer> statuses() {
        return statuses;
    }

    /** Nothing is left of all this, and the gateway serves. */
    static void assertUnharmed(Gateway gateway) throws Exception {
        assertThat(gateway.process().isAlive()).isTrue();
        Eventually.within(HELD_LIMIT, "everything was given back", () -> nothingHeld(gateway));
        assertThat(gateway.post(Chats.PATH, Chats.whole("echo/echo", "hello")).body())
                .contains("hello");
        assertThat(gateway.errors())
                .noneMatch(line -> line.contains(" ERROR ") || line.contains("\tat ") || line.contains("Exception"));
    }

    private static boolean nothingHeld(Gateway gateway) throws Exception {
        // This very question is one request in flight.
        return gateway.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("thanos_requests_in_flight{")
                        || line.startsWith("thanos_streams_active ")
                        || line.startsWith("thanos_request_bytes_held ")
                        || line.startsWith("thanos_answer_bytes_held ")
                        || line.startsWith("thanos_memory_reserved_bytes "))
                .allMatch(line ->
                        line.endsWith(" 0.0") || line.equals("thanos_requests_in_flight{endpoint=\"other\"} 1.0"));
    }
}
