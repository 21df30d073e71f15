package dev.thanosgateway.catalog.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.catalog.TraitTable;
import dev.thanosgateway.api.chat.Trait;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules that ship, and the reader of their file. */
class VendorTraitsTest {
    private static final Set<String> PROFILES = Set.of(
            "openai",
            "openai-compatible",
            "anthropic",
            "anthropic-compatible",
            "gemini",
            "xai",
            "ollama",
            "omen",
            "deepseek",
            "openrouter",
            "groq",
            "mistral",
            "together",
            "fireworks",
            "moonshot",
            "zai",
            "qwen",
            "vllm",
            "llamacpp",
            "lmstudio",
            "azure",
            "google-openai");

    private final TraitTable shipped;

    VendorTraitsTest() throws IOException {
        shipped = new TraitTable(new VendorModels().traits());
    }

    private static void read(String text) throws IOException {
        TraitFile.read(new BufferedReader(new StringReader(text.replace('~', '\n'))));
    }

    @Test
    void everyProfileHasRules() {
        assertThat(shipped.profiles()).isEqualTo(PROFILES);
    }

    @Test
    void theRulesAreOfTheDayOfTheModels() throws IOException {
        try (InputStream bytes = VendorModels.class.getResourceAsStream("traits.txt")) {
            String text = new String(Objects.requireNonNull(bytes).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("\ndate " + new VendorModels().date() + "\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "m | limit=max_tokens                ; a [profile] must come first",
                "[p]~m limit=max_tokens              ; line 2 of the table of traits: write: PATTERN",
                "[p]~m | limit=none                  ; limit cannot be none",
                "[p]~m | colour=red                  ; is no trait=value",
                "[p]~m | effort=low,loud             ; effort cannot be low,loud",
                "[p]~m | budget=9-1                  ; budget cannot be 9-1",
                "[p]~m | output=0                    ; output cannot be 0: it is a whole number from 1",
                "[p]~m | tool_name_max=9             ; it is a whole number from 10",
                "[p]~m | tool_id_length=3            ; it is a whole number from 8 to 64",
                "[p]~m | images=png                  ; it is a list of media types such as image/jpeg or image/png",
                "[p]~m | images=image/*              ; it is a list of media types",
                "[p]~m | images=image/jpg            ; it is a list of media types",
                "date soon                           ; line 1 of the table of traits: ",
            })
    void whatCannotBeUnderstoodIsRefusedWithItsLine(String text, String why) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class).hasMessageContaining(why.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Where OpenAI serves what.
                "openai | gpt-6.1-sol                 | path          | tools-at-responses",
                "openai | gpt-6-astra                 | path          | tools-at-responses",
                "openai | gpt-5.6-sol                 | path          | tools-at-responses",
                "openai | gpt-5.4-mini-2026-03-17     | path          | tools-at-responses",
                "openai | gpt-5.4-pro                 | path          | responses",
                "openai | gpt-5.3-codex               | path          | responses",
                "openai | o3-pro-2025-06-10           | path          | responses",
                "openai | gpt-6.2-astra-law           | path          | responses",
                "openai | gpt-5.2                     | path          | ?",
                "openai | gpt-4o                      | path          | ?",
                "openai | davinci-002                 | path          | completions",
                "openai | davinci-002                 | relays        | responses completions",
                "openrouter | openai/gpt-6.1-sol      | path          | ?",
                // Its reasoning models, wherever they are served.
                "openai | gpt-5                       | limit         | max_completion_tokens",
                "openai-compatible | gpt-5            | limit         | max_completion_tokens",
                "openrouter | openai/gpt-5.5          | limit         | max_completion_tokens",
                "openai-compatible | llama3.2         | limit         | max_tokens",
                "openai | gpt-4o                      | limit         | max_completion_tokens",
                "openai-compatible | gpt-6.1-sol      | sampling      | seed n",
                "openai-compatible | o4-mini          | sampling      | seed n",
                "openai | gpt-5.2                     | sampling_effort_none | temperature top_p logprobs seed n",
                "openai | gpt-5                       | sampling_effort_none | ?",
                "openai | gpt-4o                      | sampling      | ?",
                "openai | gpt-6-astra                 | effort        | low medium high xhigh max",
                "openai | gpt-6-sol                   | effort        | none low medium high xhigh max",
                "openai | gpt-6.1-sol                 | effort        | low medium high xhigh max",
                "openai | gpt-5.6-luna                | effort        | none low medium high xhigh max",
                "openai | gpt-5.5                     | effort        | none low medium high xhigh",
                "openai | gpt-5.2-pro                 | effort        | medium high xhigh",
                "openai | gpt-5.1                     | effort        | none low medium high",
                "openai | gpt-5-mini                  | effort        | minimal low medium high",
                "openai | o3-2025-04-16               | effort        | low medium high",
                "openai | gpt-4o-mini                 | effort        | -",
                "openai-compatible | gpt-4.1          | effort        | -",
                "openai | ft:gpt-4o-mini:acme::1      | effort        | -",
                "openai | gpt-5-chat-latest           | effort        | -",
                "groq | openai/gpt-oss-120b           | effort        | low medium high",
                // Claude.
                "anthropic | claude-opus-4-8          | prefill       | no",
                "anthropic | claude-sonnet-4-6        | prefill       | no",
                "anthropic | claude-haiku-4-5-20251001 | prefill      | yes",
                "anthropic | claude-3-haiku-20240307  | prefill       | yes",
                "anthropic | claude-fable-5           | forced_tools  | yes",
                "anthropic | claude-fable-5-1         | forced_tools  | no",
                "anthropic | claude-mythos-5-2        | forced_tools  | no",
                "anthropic | claude-opus-5-5          | forced_tools  | no",
                "anthropic | claude-sonnet-5-5        | forced_tools  | no",
                "anthropic | claude-haiku-5-5         | forced_tools  | ?",
                "openrouter | anthropic/claude-opus-5.5 | forced_tools | no",
                "anthropic | claude-fable-5           | thinking_off  | no",
                "anthropic | claude-opus-5            | thinking_off  | ?",
                "anthropic | claude-opus-4-6          | thinking      | effort",
                "anthropic | claude-opus-4-6          | effort        | none low medium high max",
                "anthropic | claude-opus-4-7          | effort        | none low medium high xhigh max",
                "anthropic | claude-opus-4-5-20251101 | thinking      | both",
                "anthropic | claude-3-7-sonnet-20250219 | thinking    | budget",
                "anthropic | claude-3-5-haiku-20241022 | thinking     | none",
                "anthropic | claude-opus-4-7          | sampling      | stop",
                "anthropic | claude-opus-4-6          | sampling      | temperature/top_p top_k stop",
                "anthropic | claude-opus-4-1-20250805 | sampling      | temperature/top_p top_k stop",
                "anthropic | claude-sonnet-4-20250514 | sampling      | temperature top_p top_k stop",
                "anthropic | claude-opus-4-1          | schemas       | yes",
                "anthropic | claude-opus-4-20250514   | schemas       | no",
                "anthropic | claude-haiku-4-5         | output        | 64000",
                "anthropic | claude-opus-4-0          | output        | 32000",
                "anthropic | claude-3-opus-20240229   | output_default | 4096",
                "anthropic | claude-sonnet-5-5        | output_default | 32000",
                "anthropic-compatible | deepseek-chat | schemas       | no",
                "anthropic-compatible | deepseek-chat | thinking      | budget",
                "anthropic-compatible | deepseek-chat | output_default | 8192",
                "anthropic-compatible | claude-opus-4-8 | thinking    | effort",
                "anthropic-compatible | claude-haiku-4-5 | schemas    | yes",
                // Gemini.
                "gemini | gemini-3.5-flash            | thinking      | level",
                "gemini | gemini-3.5-flash            | effort        | minimal low medium high",
                "gemini | gemini-3.8-flash            | effort        | low medium high",
                "gemini | gemini-3.1-pro-preview      | effort        | low medium high",
                "gemini | gemini-4-hydrogen           | effort        | low medium high xhigh",
                "gemini | gemini-pro-latest           | signed        | yes",
                "gemini | gemini-2.5-pro              | budget        | 128-32768",
                "gemini | gemini-2.5-pro              | thinking_off  | no",
                "gemini | gemini-2.5-flash            | budget        | 0-24576",
                "gemini | gemini-2.5-flash-lite       | budget        | 512-24576",
                "gemini | gemini-2.0-flash            | thinking      | none",
                "gemini | gemini-2.5-flash            | image_places  | user assistant",
                "gemini | gemini-3-flash-preview      | image_places  | user tool assistant",
                "gemini | gemini-2.5-flash            | images        | image/png image/jpeg image/webp image/heic image/heif",
                "gemini | gemma-3-27b-it              | signed        | ?",
                // Grok.
                "xai | grok-4.7                       | effort        | low medium high xhigh",
                "xai | grok-4.3                       | effort        | none low medium high",
                "xai | grok-4-0709                    | effort        | -",
                "xai | grok-4.20-0309-reasoning       | effort        | -",
                "xai | grok-4.20-multi-agent-0309     | effort        | low medium high xhigh",
                "xai | grok-3-mini                    | effort        | low high",
                "xai | grok-4.7                       | sampling      | temperature top_p top_k seed logprobs n",
                // What servers know.
                "openai | gpt-6.1-sol                 | developer     | yes",
                "azure | gpt-6.1-sol                  | developer     | yes",
                "azure | gpt-6.1-sol                  | path          | tools-at-responses",
                "xai | grok-4.7                       | developer     | no",
                "openai | gpt-6.1-sol                 | user_max      | 64",
                "openrouter | x                       | user_max      | 128",
                "zai | glm-5.3                        | user_max      | 128",
                "openai | gpt-6.1-sol                 | tool_id_max   | 40",
                "openai-compatible | x                | tool_name_max | 64",
                "mistral | mistral-large-4            | tool_id_length | 9",
                "mistral | mistral-large-4            | thoughts      | parts",
                "deepseek | deepseek-v4-pro           | thoughts      | reasoning_content",
                "groq | openai/gpt-oss-20b            | thoughts      | reasoning",
                "openrouter | x                       | thoughts      | reasoning_details",
                "google-openai | gemini-3.8-flash     | thoughts      | extra_content",
                "google-openai | gemini-3.8-flash     | signed        | yes",
                "google-openai | gemini-3.8-flash     | tool_name_chars | dotted",
                "gemini | gemini-2.5-flash            | tool_name_chars | dotted",
                "openai | gpt-4o                      | tool_name_chars | word",
                "anthropic | claude-opus-5            | tool_name_chars | word",
                "ollama | llama3.2                    | tool_name_chars | any",
                "deepseek | deepseek-v4-pro           | schemas       | no",
                "zai | glm-5.3                        | schemas       | no",
                "lmstudio | x                         | json_objects  | no",
                "vllm | x                             | thoughts      | reasoning",
                "anthropic-compatible | kimi-k3       | thoughts      | unsigned",
                "openai | gpt-6.1-sol                 | thoughts      | none",
                "moonshot | kimi-k2.6                 | sampling      | seed logprobs logit_bias stop",
                "moonshot | kimi-k2.6                 | forced_tools  | no",
                "omen | x                             | stream_options | no",
                "openai-compatible | x                | relays        | completions",
                "xai | grok-4.7                       | relays        | responses",
            })
    void whatModelsTake(String profile, String model, String trait, String expected) {
        List<String> told = shipped.of(profile, model).list(Objects.requireNonNull(Trait.of(trait)));
        String shown = told == null ? "?" : told.isEmpty() ? "-" : String.join(" ", told);
        assertThat(shown).isEqualTo(expected);
    }
}
