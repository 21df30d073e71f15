package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

class PluginHostTest {
    @TempDir
    Path root;

    private Plugins plugins;

    @BeforeEach
    void start() throws Exception {
        plugins = new Plugins(root);
    }

    @AfterEach
    void stop() throws Exception {
        plugins.close();
    }

    @Test
    void aJarDroppedIntoTheRunningFolderServesIsReplacedAndGoes() throws Exception {
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
        assertThat(plugins.status("alpha").reason()).isEqualTo("waiting for a plugin of type 'alpha'");

        long begin = System.nanoTime();
        Fixture.alpha("1.0.0", "one").into(plugins.file("alpha.jar"));
        plugins.untilMark("alpha", "one");
        assertThat(System.nanoTime() - begin).isLessThan(2_000_000_000L);
        assertThat(plugins.status("alpha").state()).isEqualTo("active");

        Fixture.alpha("1.0.0", "two").into(plugins.file("alpha.jar"));
        plugins.untilMark("alpha", "two");

        Files.delete(plugins.file("alpha.jar"));
        plugins.until("gone", () -> plugins.mark("alpha") == null);
        plugins.until("nothing is deployed", () -> plugins.host.deployed().isEmpty());
        assertThat(plugins.swaps)
                .containsExactly(
                        "test.provider.alpha installed", "test.provider.alpha replaced", "test.provider.alpha removed");
    }

    @Test
    void twentySwapsUnderTwoHundredOpenLeasesLoseAndMixNothing() throws Exception {
        List<byte[]> versions = List.of(
                Fixture.alpha("1.0.0", "v0").bytes(),
                Fixture.alpha("1.0.0", "v1").bytes());
        Fixture.put(versions.get(0), plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(60_000, Plugins.alpha()));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> streams = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            streams.add(Thread.startVirtualThread(() -> {
                while (!stop.get()) {
                    String problem = stream();
                    calls.incrementAndGet();
                    if (problem != null) {
                        wrong.add(problem);
                    }
                }
            }));
        }
        for (int swap = 1; swap <= 20; swap++) {
            Fixture.put(versions.get(swap % 2), plugins.file("alpha.jar"));
            plugins.untilMark("alpha", "v" + swap % 2);
        }
        stop.set(true);
        for (Thread stream : streams) {
            stream.join();
        }
        assertThat(wrong).isEmpty();
        assertThat(calls.get()).isGreaterThan(400);
        plugins.until("only one is left", () -> plugins.host.deployed().size() == 1);
        assertThat(plugins.swaps).filteredOn(s -> s.endsWith(" replaced")).hasSize(20);
    }

    /** A call that outlasts a swap: it must be served by one version from its first piece to its last. */
    private String stream() {
        for (int tries = 0; tries < 10; tries++) {
            LiveProvider live = plugins.host.registry().provider("alpha");
            if (live == null) {
                return "no provider";
            }
            if (live.acquire()) {
                try {
                    String first = Plugins.mark(live);
                    for (int piece = 0; piece < 30; piece++) {
                        LockSupport.parkNanos(10_000_000);
                        if (!first.equals(Plugins.mark(live))) {
                            return "mixed";
                        }
                    }
                    return null;
                } catch (RuntimeException e) {
                    return e.toString();
                } finally {
                    live.release();
                }
            }
        }
        return "no lease";
    }

    @Test
    void aHundredSwapsLeaveNoOldClassesBehind() throws Exception {
        List<byte[]> versions = List.of(
                Fixture.alpha("1.0.0", "v0").bytes(),
                Fixture.alpha("1.0.0", "v1").bytes());
        plugins.host.start(Plugins.settings(60_000, Plugins.alpha()));
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int swap = 0; swap < 100; swap++) {
            Fixture.put(versions.get(swap % 2), plugins.file("alpha.jar"));
            plugins.untilMark("alpha", "v" + swap % 2);
            loaders.add(loader());
        }
        plugins.until("only one is left", () -> plugins.host.deployed().size() == 1);
        plugins.until("the old classes went", () -> {
            System.gc();
            return loaders.stream().filter(l -> l.get() != null).count() <= 2;
        });
        assertThat(plugins.osgi.host().getBundles()).hasSizeLessThan(15);
    }

    private WeakReference<ClassLoader> loader() {
        return new WeakReference<>(
                plugins.host.registry().provider("alpha").service().getClass().getClassLoader());
    }

    @Test
    void aHalfCopiedJarIsWaitedForAndTheOldOneServesMeanwhile() throws Exception {
        Fixture.alpha("1.0.0", "one").into(plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
        byte[] next = Fixture.alpha("1.1.0", "two").bytes();
        try (OutputStream copy = Files.newOutputStream(plugins.file("alpha.jar"))) {
            copy.write(next, 0, next.length / 2);
            copy.flush();
            plugins.until(
                    "seen as half",
                    () -> plugins.host.deployed().stream().anyMatch(d -> "it is not whole yet".equals(d.reason())));
            assertThat(plugins.mark("alpha")).isEqualTo("one");
            copy.write(next, next.length / 2, next.length - next.length / 2);
        }
        plugins.untilMark("alpha", "two");
        assertThat(plugins.swaps).doesNotContain("test.provider.alpha refused");
    }

    @Test
    void aBadJarNeverDisplacesAGoodOneAndSaysWhy() throws Exception {
        Path file = plugins.file("alpha.jar");
        Fixture.alpha("1.0.0", "good").into(file);
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));

        Fixture.alpha("2.0.0", "bad").header("Bundle-SymbolicName", null).into(file);
        assertThat(plugins.untilRefused("alpha.jar")).contains("no Bundle-SymbolicName");

        Fixture.alpha("2.0.0", "bad")
                .importing("com.nowhere.lib;version=\"[2,3)\"")
                .into(file);
        plugins.until(
                "unresolved",
                () -> plugins.refusal("alpha.jar").contains("com.nowhere.lib [2.0.0,3.0.0), provided by none"));

        Fixture.provider(
                        "alpha",
                        "2.0.0",
                        "bad",
                        "throw new Exception(\"outer\", new IllegalStateException(\"no such color\"));")
                .into(file);
        plugins.until("failing", () -> plugins.refusal("alpha.jar").contains("IllegalStateException: no such color"));

        Fixture.provider("alpha", "2.0.0", "bad", "static_error();")
                .source("test.alpha.P", """
                package test.alpha;
                import dev.thanosgateway.api.chat.*;
                import dev.thanosgateway.api.provider.*;
                public class P implements LocalChat {
                    static { if (true) throw new IllegalStateException("broken class"); }
                    public void activate() {}
                    public void deactivate() {}
                    public ChatStream open(ChatRequest request) { return null; }
                }
                """)
                .into(file);
        plugins.until(
                "a class that cannot be initialised",
                () -> plugins.refusal("alpha.jar").contains("broken class"));

        byte[] damaged =
                Fixture.alpha("2.0.0", "bad").entry("data", new byte[5_000]).bytes();
        damaged[200] ^= 0x55;
        damaged[201] ^= 0x55;
        Fixture.put(damaged, file);
        plugins.until("damaged", () -> plugins.refusal("alpha.jar").contains("damaged"));

        assertThat(plugins.mark("alpha")).isEqualTo("good");
        assertThat(plugins.status("alpha").state()).isEqualTo("active");
        Fixture.alpha("2.0.0", "better").into(file);
        plugins.untilMark("alpha", "better");
        assertThat(plugins.host.deployed()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void aFileThatIsNoZipIsRefusedWhenItHasNotChangedForTenSeconds() throws Exception {
        Files.writeString(plugins.file("junk.jar"), "this is no zip");
        Files.writeString(plugins.file("junk.jar.part"), "ignored");
        Files.writeString(plugins.file(".hidden.jar"), "ignored");
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
        assertThat(plugins.host.deployed()).extracting(Deployed::state).containsExactly("waiting");
        assertThat(plugins.untilRefused("junk.jar")).contains("not a zip");
    }

    @Test
    void theHighestVersionServesAndTheOthersWait() throws Exception {
        Fixture.alpha("1.0.0", "one").into(plugins.file("a-1.jar"));
        Fixture.alpha("1.10.0", "ten").into(plugins.file("a-10.jar"));
        Fixture.alpha("1.9.0", "nine").into(plugins.file("a-9.jar"));
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
        assertThat(plugins.mark("alpha")).isEqualTo("ten");
        assertThat(plugins.status("a-9.jar").state()).isEqualTo("waiting");
        assertThat(plugins.status("a-9.jar").reason()).isEqualTo("version 1.10.0 of it serves");

        Files.delete(plugins.file("a-10.jar"));
        plugins.untilMark("alpha", "nine");
        Fixture.alpha("0.9.0", "downgraded").into(plugins.file("a-9.jar"));
        plugins.untilMark("alpha", "one");
    }

    @Test
    void aFileThatTurnsBadKeepsItsOldPluginRatherThanAnOlderOne() throws Exception {
        Fixture.alpha("1.0.0", "one").into(plugins.file("a-1.jar"));
        Fixture.alpha("2.0.0", "two").into(plugins.file("a-2.jar"));
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
        Fixture.provider("alpha", "3.0.0", "three", "throw new IllegalStateException(\"no\");")
                .into(plugins.file("a-2.jar"));
        plugins.untilRefused("a-2.jar");
        assertThat(plugins.mark("alpha")).isEqualTo("two");
        Files.delete(plugins.file("a-2.jar"));
        plugins.untilMark("alpha", "one");
    }

    @Test
    void aFileDeletedAndWrittenAnewAtOnceLeavesNoGap() throws Exception {
        byte[] next = Fixture.alpha("1.0.0", "two").bytes();
        Fixture.alpha("1.0.0", "one").into(plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
        Files.delete(plugins.file("alpha.jar"));
        Files.write(plugins.file("alpha.jar"), next);
        plugins.untilMark("alpha", "two");
        assertThat(plugins.swaps).containsExactly("test.provider.alpha installed", "test.provider.alpha replaced");
    }

    @Test
    void onlyAJarThatIsKnownRunsOnItsCallersThreads() throws Exception {
        byte[] known = Fixture.alpha("1.0.0", "known").bytes();
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(known));
        Path other = root.resolve("other");
        try (Plugins trusting = new Plugins(other, TrustedDigests.of(Set.of(digest)), 200)) {
            Fixture.put(known, trusting.file("alpha.jar"));
            Fixture.provider("beta", "1.0.0", "b", "").into(trusting.file("beta.jar"));
            trusting.host.start(Plugins.settings(1_000, Plugins.alpha(), Plugins.table("beta", "beta", Map.of())));
            assertThat(threadOf(trusting, "alpha"))
                    .isEqualTo(Thread.currentThread().getName());
            assertThat(threadOf(trusting, "beta")).startsWith("plugin-test.provider.beta-1.0.0-");
        }
    }

    private static String threadOf(Plugins plugins, String id) throws Exception {
        CompletableFuture<String> name = new CompletableFuture<>();
        Lane lane = plugins.host.registry().provider(id).lanes().open(name::completeExceptionally);
        lane.execute(() -> name.complete(Thread.currentThread().getName()));
        return name.get(20, TimeUnit.SECONDS);
    }

    @Test
    void closingWaitsForCallsAndLeavesNothingOnTheDisk() throws Exception {
        Fixture.alpha("1.0.0", "one").into(plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(60_000, Plugins.alpha()));
        LiveProvider live = plugins.host.registry().provider("alpha");
        assertThat(live.acquire()).isTrue();
        Thread closing = Thread.startVirtualThread(() -> plugins.host.close(60_000));
        plugins.until("draining", () -> plugins.status("alpha").state().equals("draining"));
        assertThat(Plugins.mark(live)).isEqualTo("one");
        plugins.untilRetired(live);
        live.release();
        closing.join();
        try (var left = Files.list(root.resolve("state"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aCallThatOutlastsTheDrainTimeDoesNotKeepItsPluginForEver() throws Exception {
        Fixture.alpha("1.0.0", "one").into(plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(100, Plugins.alpha()));
        assertThat(plugins.host.registry().provider("alpha").acquire()).isTrue();
        Fixture.alpha("1.0.0", "two").into(plugins.file("alpha.jar"));
        plugins.untilMark("alpha", "two");
        plugins.until("stopped anyway", () -> plugins.host.deployed().size() == 1);
    }

    @Test
    void aJarWithFailingActivationLeavesTheTypeToALowerVersion() throws Exception {
        Fixture.alpha("1.0.0", "one").into(plugins.file("a-1.jar"));
        Fixture.provider("alpha", "2.0.0", "two", "throw new IllegalStateException(\"not today\");")
                .into(plugins.file("a-2.jar"));
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
        assertThat(plugins.mark("alpha")).isEqualTo("one");
        assertThat(plugins.status("a-2.jar").state()).isEqualTo("refused");
        assertThat(plugins.status("a-2.jar").reason()).contains("not today");
    }

    @Test
    void anActivationThatNeverEndsIsRefusedAndTheDeployerGoesOn() throws Exception {
        Fixture.provider("alpha", "1.0.0", "x", "while (true) Thread.onSpinWait();")
                .into(plugins.file("a-loops.jar"));
        Fixture.provider("beta", "1.0.0", "b", "").into(plugins.file("b.jar"));
        plugins.host.start(Plugins.settings(100, Plugins.alpha(), Plugins.table("beta", "beta", Map.of())));
        assertThat(plugins.mark("beta")).isEqualTo("b");
        assertThat(plugins.status("a-loops.jar").reason()).contains("did not end within");
        assertThat(plugins.status("alpha").state()).isEqualTo("failed");
    }

    @Test
    void aServiceAndABundleFromElsewhereWorkTooAndStoppingWaitsForTheirCalls() throws Exception {
        plugins.host.start(Plugins.settings(20_000, Plugins.alpha()));
        var bundle = plugins.osgi
                .host()
                .installBundle(
                        "elsewhere",
                        new ByteArrayInputStream(
                                Fixture.alpha("3.0.0", "foreign").bytes()));
        bundle.start();
        plugins.untilMark("alpha", "foreign");
        LiveProvider live = plugins.host.registry().provider("alpha");
        assertThat(live.acquire()).isTrue();
        Thread stopping = Thread.startVirtualThread(() -> {
            try {
                bundle.stop();
            } catch (BundleException e) {
                throw new IllegalStateException(e);
            }
        });
        plugins.until("not offered any more", () -> plugins.host.registry().provider("alpha") == null);
        assertThat(Plugins.mark(live)).isEqualTo("foreign");
        live.release();
        stopping.join();
        assertThat(bundle.getState()).isEqualTo(Bundle.RESOLVED);
    }
}
