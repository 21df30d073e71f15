package dev.thanosgateway.catalog.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules that ship are well formed. */
class TraitsTextTest {
    private static final String EFFORTS = "(?:none|minimal|low|medium|high|xhigh|max)";
    private static final String SAMPLING = "(?:temperature|top_p|top_k|presence_penalty|frequency_penalty|logit_bias|seed"
            + "|logprobs|stop|n|temperature/top_p)";
    private static final String TRUTH = "yes|no";
    private static final List<Pattern> TRAITS = List.of(
            Pattern.compile("path=(?:chat|responses|tools-at-responses|completions)"),
            Pattern.compile("limit=max_(?:completion_)?tokens"),
            Pattern.compile("(?:output|output_default|user_max|tool_name_max|tool_id_max|tool_id_length)=[1-9][0-9]*"),
            Pattern.compile("effort=(?:-|" + list(EFFORTS) + ")"),
            Pattern.compile("thinking=(?:none|budget|effort|level)"),
            Pattern.compile("budget=[0-9]+-[0-9]+"),
            Pattern.compile("sampling=(?:-|" + list(SAMPLING) + ")"),
            Pattern.compile("(?:thinking_off|signed|prefill|forced_tools|schemas|developer|stream_options)=(?:" + TRUTH
                    + ")"),
            Pattern.compile("images=(?:-|" + list("image/[a-z]+") + ")"),
            Pattern.compile("image_places=(?:-|" + list("(?:user|tool)") + ")"),
            Pattern.compile("thoughts=(?:reasoning_content|reasoning|reasoning_details|parts|extra_content|unsigned|none)"),
            Pattern.compile("relays=(?:-|" + list("(?:responses|completions)") + ")"));

    private static String list(String item) {
        return item + "(?:," + item + ")*";
    }

    @Test
    void everyProfileAndRuleReads() throws Exception {
        List<String> profiles = new ArrayList<>();
        LocalDate date = null;
        for (String line : text().lines().toList()) {
            if (line.startsWith("date ")) {
                date = LocalDate.parse(line.substring("date ".length()));
            } else if (line.startsWith("[")) {
                profiles.add(line.substring(1, line.length() - 1));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                assertThat(profiles).as(line).isNotEmpty();
                rule(line);
            }
        }
        assertThat(date).isEqualTo(new VendorModels().date());
        assertThat(profiles)
                .doesNotHaveDuplicates()
                .startsWith("*")
                .containsAll(Set.of("openai", "openai-compatible", "anthropic", "anthropic-compatible", "gemini"))
                .containsAll(Set.of("xai", "ollama", "omen", "deepseek", "openrouter", "groq", "mistral", "together"))
                .containsAll(Set.of("fireworks", "moonshot", "zai", "qwen", "vllm", "llamacpp", "lmstudio", "azure"))
                .contains("google-openai");
    }

    private static void rule(String line) {
        assertThat(line).hasSizeLessThanOrEqualTo(120);
        String[] halves = line.split(" \\| ", -1);
        assertThat(halves).as(line).hasSize(2);
        assertThat(halves[0].split(" ")).as(line).allMatch(glob -> glob.matches("[a-z0-9.:@*-]+"));
        String[] traits = halves[1].split(" ");
        assertThat(traits).as(line).allMatch(trait -> TRAITS.stream()
                .anyMatch(known -> known.matcher(trait).matches()));
        assertThat(traits).extracting(trait -> trait.substring(0, trait.indexOf('='))).doesNotHaveDuplicates();
    }

    private static String text() throws Exception {
        try (InputStream bytes = VendorModels.class.getResourceAsStream("traits.txt")) {
            return new String(bytes == null ? new byte[0] : bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
