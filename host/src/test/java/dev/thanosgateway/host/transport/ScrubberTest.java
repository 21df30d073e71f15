package dev.thanosgateway.host.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScrubberTest {
    private static final String KEY = "sk-proj/5d1f+8a0c==";
    private static final String OTHER = "sk-proj-second-0001";
    private static final Secrets SECRETS = Secrets.of(List.of(KEY, OTHER, "ollama", "on"));

    /** Gives {@code text} in two slices, read-only and direct as the transport's are. */
    private static String passed(Secrets secrets, byte[] text, int cut) {
        Scrubber scrubber = new Scrubber(secrets);
        StringBuilder out = new StringBuilder();
        out.append(string(scrubber.pass(direct(text, 0, cut), false)));
        out.append(string(scrubber.pass(direct(text, cut, text.length), false)));
        return out.append(string(scrubber.pass(ByteBuffer.allocate(0), true))).toString();
    }

    private static ByteBuffer direct(byte[] text, int from, int to) {
        // Something before it: positions are not offsets.
        ByteBuffer direct = ByteBuffer.allocateDirect(3 + to - from).put(new byte[3]);
        return direct.put(text, from, to - from).position(3).asReadOnlyBuffer();
    }

    private static String string(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    private static String escaped(String text) {
        StringBuilder all = new StringBuilder();
        text.chars().forEach(c -> all.append(String.format("\\u%04x", c)));
        return all.toString();
    }

    @Test
    void itIsOverwrittenWhereverTheAnswerIsCut() {
        String said = "data: {\"text\":\"ss sk-proj " + KEY + "\"}\n\n" + KEY + OTHER + "sk-proj/5d1f é";
        byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
        String clean = said.replace(KEY, "*".repeat(KEY.length())).replace(OTHER, "*".repeat(OTHER.length()));
        for (int cut = 0; cut <= bytes.length; cut++) {
            // Between the bytes of a letter the slices make two wrong ones; it is the last.
            if (cut != bytes.length - 1) {
                assertThat(passed(SECRETS, bytes, cut)).as("cut at " + cut).isEqualTo(clean);
            }
        }
    }

    @Test
    void byteForByteItIsFoundToo() {
        Scrubber scrubber = new Scrubber(SECRETS);
        StringBuilder out = new StringBuilder();
        for (byte one : ("a" + KEY + "b").getBytes(StandardCharsets.UTF_8)) {
            out.append(string(scrubber.pass(ByteBuffer.wrap(new byte[] {one}), false)));
        }
        assertThat(out).hasToString("a" + "*".repeat(KEY.length()) + "b");
    }

    @Test
    void soAreTheFormsThatAddressesJsonAndBase64GiveIt() {
        byte[] key = KEY.getBytes(StandardCharsets.UTF_8);
        List<String> forms = List.of(
                URLEncoder.encode(KEY, StandardCharsets.UTF_8),
                "sk-proj%2f5d1f%2b8a0c%3d%3d",
                KEY.replace("/", "\\/"),
                escaped(KEY),
                escaped(KEY).toUpperCase(Locale.ROOT).replace("\\U", "\\u"));
        for (String form : forms) {
            String clean = passed(SECRETS, ("<" + form + ">").getBytes(StandardCharsets.UTF_8), 5);
            assertThat(clean).isEqualTo("<" + "*".repeat(form.length()) + ">");
        }
        for (String before : List.of("", "B", "Be", "Bearer ")) {
            byte[] all = (before + KEY + "!").getBytes(StandardCharsets.UTF_8);
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String clean = passed(SECRETS, encoder.encode(all), 9);
                // What is left says nothing: the digits its neighbours have a part in.
                assertThat(clean.chars().filter(c -> c == '*').count()).isGreaterThanOrEqualTo(key.length * 8L / 6 - 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ask ollama", "sk-proj/", "sk-proj/5d1f+8a0c=", "", "{\"s\":\"s\"}\n"})
    void whatIsNoSecretPassesAsItIs(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(passed(SECRETS, bytes, cut)).isEqualTo(text);
        }
    }

    @Test
    void anEventIsNeverKeptWaiting() {
        Scrubber scrubber = new Scrubber(SECRETS);
        for (String frame : List.of("data: {\"s\":\"sk-proj\"}\n\n", "{\"done\":false}\n", ": s\r\n\r\n")) {
            ByteBuffer slice = ByteBuffer.wrap(frame.getBytes(StandardCharsets.UTF_8));
            assertThat(scrubber.pass(slice, false)).isSameAs(slice);
        }
    }

    @Test
    void randomBytesWithSecretsAmongThemAreSearchedAsIfOneByOne() {
        long seed = Long.getLong("thanos.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> keys = List.of("abababab1", "abcabcabcabc", "aabbaabbaabbaabb0");
        Secrets secrets = Secrets.of(keys);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < 60) {
                text.append(
                        random.nextInt(12) == 0
                                ? keys.get(random.nextInt(3))
                                : String.valueOf("abc10".charAt(random.nextInt(5))));
            }
            String clean = passed(secrets, text.toString().getBytes(StandardCharsets.UTF_8), random.nextInt(60));
            for (String key : keys) {
                assertThat(clean).as("seed " + seed + ": " + text).doesNotContain(key);
            }
            assertThat(clean).hasSameSizeAs(text);
        }
    }

    @Test
    void headersAreSearchedToo() {
        HttpFields clean = SECRETS.covered(HttpFields.build()
                .add("x-ratelimit-a", "for " + KEY)
                .add("x-" + OTHER, "1")
                .add("x-request-id", "req_1"));
        assertThat(clean.get("x-ratelimit-a")).isEqualTo("[secret]");
        assertThat(clean.size()).isEqualTo(2);
        assertThat(clean.get("x-request-id")).isEqualTo("req_1");
        HttpFields plain = HttpFields.build().add("x-request-id", "req_1");
        assertThat(SECRETS.covered(plain)).isSameAs(plain);
        assertThat(Secrets.of(List.of("ollama")).covered(plain)).isSameAs(plain);
    }
}
