package dev.thanosgateway.catalog.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.provider.Model;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list that ships. */
class VendorModelsTest {
    /** Their lists are whole. */
    private static final List<String> VENDORS = List.of("anthropic", "openai", "gemini", "xai");

    /** Of these the default is known, and few models beside it. */
    private static final List<String> SERVICES = List.of(
            "deepseek",
            "mistral",
            "moonshot",
            "zai",
            "qwen",
            "openrouter",
            "groq",
            "together",
            "fireworks",
            "google-openai");

    private static final List<String> TYPES =
            Stream.concat(VENDORS.stream(), SERVICES.stream()).toList();

    private final VendorModels shipped;

    VendorModelsTest() throws IOException {
        shipped = new VendorModels();
    }

    private List<CatalogModel> of(String type) {
        return shipped.models().stream().filter(m -> m.type().equals(type)).toList();
    }

    private CatalogModel model(String type, String id) {
        return of(type).stream()
                .filter(m -> m.facts().id().equals(id) || m.aliases().contains(id))
                .findFirst()
                .orElseThrow();
    }

    private Model facts(String type, String id) {
        return of(type).stream()
                .map(CatalogModel::facts)
                .filter(m -> m.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyVendorIsThereAndNobodyElse() {
        assertThat(shipped.date()).isAfter(LocalDate.of(2026, 11, 20));
        assertThat(shipped.models().stream().map(CatalogModel::type).distinct()).containsExactlyElementsOf(TYPES);
        assertThat(VENDORS).allSatisfy(type -> assertThat(of(type)).hasSizeGreaterThan(10));
    }

    @Test
    void everyTypeHasADefaultThatChatsWithToolsAndStays() {
        assertThat(shipped.defaults().keySet()).containsExactlyInAnyOrderElementsOf(TYPES);
        shipped.defaults().forEach((type, id) -> {
            assertThat(facts(type, id).capabilities()).as(id).contains("streaming", "functions");
            assertThat(model(type, id).ends()).as(id).isNull();
        });
        VENDORS.forEach(type -> assertThat(
                        facts(type, shipped.defaults().get(type)).capabilities())
                .as(type)
                .contains("vision"));
    }

    @Test
    void anIdMeansOneModelOfItsVendor() {
        for (String type : TYPES) {
            assertThat(of(type).stream()
                            .flatMap(m -> Stream.concat(Stream.of(m.facts().id()), m.aliases().stream())))
                    .doesNotHaveDuplicates()
                    .allMatch(id -> id.matches("[a-z0-9][a-zA-Z0-9./-]*[a-z0-9]"));
        }
    }

    @Test
    void aShortNameStandsForOneModelWhateverItsPunctuation() {
        for (String type : TYPES) {
            Map<String, String> meant = new HashMap<>();
            for (CatalogModel model : of(type)) {
                String id = model.facts().id();
                Stream.of(Stream.of(id), model.aliases().stream(), model.names().stream())
                        .flatMap(names -> names)
                        .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""))
                        .distinct()
                        .forEach(
                                name -> assertThat(meant.put(name, id)).as(name).isNull());
            }
        }
    }

    @Test
    void numbersArePlausible() {
        assertThat(shipped.models()).extracting(CatalogModel::facts).allSatisfy(model -> {
            assertThat(model.name()).as(model.id()).isNotBlank();
            assertThat(model.capabilities()).as(model.id()).isNotEmpty();
            assertThat(model.pricing().values()).as(model.id()).allMatch(dollars -> dollars > 0 && dollars < 1000);
            assertThat(model.maxOutput()).as(model.id()).isBetween(0, 1_000_000);
            assertThat(model.contextLength()).as(model.id()).isBetween(0, 10_000_000);
            boolean embeds = model.capabilities().equals(Set.of("embeddings"));
            assertThat(model.dimensions() > 0).as(model.id()).isEqualTo(embeds);
            if (model.contextLength() > 0) {
                assertThat(model.maxOutput()).as(model.id()).isLessThanOrEqualTo(model.contextLength());
            }
            Double input = model.pricing().get("input");
            Double output = model.pricing().get("output");
            if (input != null && !embeds) {
                assertThat(output).as(model.id()).isNotNull().isGreaterThan(input);
                assertThat(model.pricing().getOrDefault("cache_read", 0.0))
                        .as(model.id())
                        .isLessThan(input);
            }
        });
    }

    @Test
    void whatEveryoneKnowsIsThere() {
        Model sonnet = facts("anthropic", "claude-3-7-sonnet-20250219");
        assertThat(sonnet.contextLength()).isEqualTo(200_000);
        assertThat(sonnet.pricing())
                .isEqualTo(Map.of("input", 3.0, "output", 15.0, "cache_read", 0.3, "cache_write", 3.75));
        Model gpt = facts("openai", "gpt-4o");
        assertThat(gpt.maxOutput()).isEqualTo(16_384);
        assertThat(gpt.capabilities()).contains("streaming", "functions", "vision", "structured_output");
        assertThat(facts("openai", "text-embedding-3-large").dimensions()).isEqualTo(3_072);
        assertThat(facts("gemini", "gemini-2.5-pro").contextLength()).isEqualTo(1_048_576);
        assertThat(facts("xai", "grok-3").pricing()).containsEntry("output", 15.0);
    }

    @Test
    void theModelsOfNovember2026AreThereWithTheirPrices() {
        assertThat(facts("openai", "gpt-6.1-sol").pricing())
                .isEqualTo(Map.of("input", 2.0, "output", 10.0, "cache_read", 0.1, "cache_write", 2.5));
        assertThat(facts("openai", "gpt-6-astra").contextLength()).isEqualTo(1_050_000);
        assertThat(facts("openai", "gpt-5.6-sol").maxOutput()).isEqualTo(128_000);
        assertThat(facts("anthropic", "claude-fable-5-2").pricing()).containsEntry("output", 40.0);
        assertThat(facts("anthropic", "claude-mythos-5-1").capabilities()).contains("reasoning");
        assertThat(facts("gemini", "gemini-3.8-flash").pricing()).containsEntry("input", 0.75);
        assertThat(facts("xai", "grok-4.7").contextLength()).isEqualTo(500_000);
    }

    @Test
    void whatEndsHasItsDayAndASuccessorThatStays() {
        assertThat(model("openai", "gpt-5").ends()).isEqualTo(LocalDate.of(2026, 12, 11));
        assertThat(model("openai", "o3-2025-04-16").ends()).isEqualTo(LocalDate.of(2026, 12, 11));
        assertThat(model("openai", "gpt-4o").ends()).isEqualTo(LocalDate.of(2027, 1, 14));
        assertThat(model("openai", "gpt-4.1-mini").ends()).isEqualTo(LocalDate.of(2027, 1, 14));
        assertThat(model("openai", "gpt-5").successor()).isEqualTo("gpt-6.1-sol");
        assertThat(model("anthropic", "claude-opus-4-5").ends()).isEqualTo(LocalDate.of(2027, 1, 22));
        assertThat(shipped.models()).allSatisfy(model -> {
            String next = model.successor();
            if (next != null) {
                assertThat(model.ends()).as(model.toString()).isNotNull();
                CatalogModel successor = model(model.type(), next);
                assertThat(successor.facts().id()).isEqualTo(next);
                assertThat(successor.ends()).as(next).isNull();
            }
        });
    }
}
