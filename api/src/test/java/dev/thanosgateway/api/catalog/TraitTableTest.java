package dev.thanosgateway.api.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraitTableTest {
    private static TraitRule rule(String profile, String models, Trait trait, String... words) {
        return new TraitRule(profile, List.of(models.split(" ")), ModelTraits.UNKNOWN.with(trait, List.of(words)));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-5, gpt-5, true",
        "gpt-5, GPT-5, true",
        "GPT-5, gpt-5, true",
        "gpt-5, gpt-5-mini, false",
        "gpt-5*, gpt-5-mini, true",
        "gpt-5*, gpt-5, true",
        "*gpt-5*, my-gpt-5-mini, true",
        "gpt-*-pro, gpt-5.4-pro, true",
        "gpt-*-pro, gpt-5.4-pro-2026, false",
        "gpt-5.1, gpt-5x1, false",
        "*, anything, true",
        // The whole id, and what follows its last slash.
        "claude*, anthropic/claude-5, true",
        "claude*, accounts/a/claude-5, true",
        "anthropic/*, anthropic/claude-5, true",
        "anthropic/*, claude-5, false",
        "gpt-5 o3, o3, true",
    })
    void aPatternIsComparedWithTheIdAndWithItsLastSegment(String patterns, String model, boolean matches) {
        TraitTable table = new TraitTable(List.of(rule("p", patterns, Trait.PREFILL, "no")));

        assertThat(table.of("p", model).flag(Trait.PREFILL, true)).isEqualTo(!matches);
    }

    @Test
    void aProfilesRulesWinOverThoseForEverywhereAndLaterOnesOverEarlierOnes() {
        TraitTable table = new TraitTable(List.of(
                rule("a", "m*", Trait.OUTPUT, "1"),
                rule("a", "m1", Trait.USER_MAX, "15"),
                rule("*", "m1", Trait.OUTPUT, "2"),
                rule("*", "m*", Trait.OUTPUT, "3"),
                rule("*", "m*", Trait.EFFORT, "low", "high"),
                rule("b", "*", Trait.OUTPUT, "4"),
                rule("a", "m1", Trait.OUTPUT, "6")));

        ModelTraits m1 = table.of("a", "m1");
        assertThat(m1.number(Trait.OUTPUT, 0)).isEqualTo(6);
        assertThat(m1.number(Trait.USER_MAX, 0)).isEqualTo(15);
        assertThat(m1.list(Trait.EFFORT)).containsExactly("low", "high");
        assertThat(table.of("a", "m2").number(Trait.OUTPUT, 0)).isEqualTo(1);
        assertThat(table.of("b", "m1").number(Trait.OUTPUT, 0)).isEqualTo(4);
        assertThat(table.of("c", "m1").number(Trait.OUTPUT, 0)).isEqualTo(3);
        assertThat(table.of("c", "x")).isEqualTo(ModelTraits.UNKNOWN);
        assertThat(table.profiles()).containsExactly("a", "b");
    }

    @Test
    void anEmptyListIsAValueAndWhatIsNotKnownIsTaken() {
        ModelTraits none = ModelTraits.UNKNOWN.with(Trait.EFFORT, List.of());

        assertThat(none.takes(Trait.EFFORT, "low")).isFalse();
        assertThat(ModelTraits.UNKNOWN.takes(Trait.EFFORT, "low")).isTrue();
        assertThat(none.over(ModelTraits.UNKNOWN.with(Trait.EFFORT, List.of("low")))
                        .list(Trait.EFFORT))
                .isEmpty();
        assertThat(ModelTraits.UNKNOWN.flag(Trait.PREFILL, true)).isTrue();
        assertThat(ModelTraits.UNKNOWN.number(Trait.OUTPUT, 7)).isEqualTo(7);
    }

    @Test
    void aBudgetIsMovedIntoTheRangeThatIsTaken() {
        ModelTraits pro = ModelTraits.UNKNOWN.with(Trait.BUDGET, List.of("128-32768"));

        assertThat(pro.budget(0)).isEqualTo(128);
        assertThat(pro.budget(5000)).isEqualTo(5000);
        assertThat(pro.budget(99_999)).isEqualTo(32_768);
        assertThat(ModelTraits.UNKNOWN.budget(99_999)).isEqualTo(99_999);
    }

    @ParameterizedTest
    @CsvSource({
        "THINKING, sometimes",
        "EFFORT, tiny",
        "PREFILL, true",
        "OUTPUT, many",
        "OUTPUT, -1",
        "BUDGET, 5",
        "BUDGET, 9-5",
    })
    void aValueThatATraitCannotHaveIsRefusedWithASentence(Trait trait, String word) {
        assertThatThrownBy(() -> ModelTraits.UNKNOWN.with(trait, List.of(word)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(trait.key() + " cannot be " + word + ": it is " + trait.allowed());
    }

    @Test
    void everyTraitIsFoundByItsKey() {
        for (Trait trait : Trait.values()) {
            assertThat(Trait.of(trait.key())).isEqualTo(trait);
        }
        assertThat(Trait.of("TOOL_NAME_MAX")).isNull();
    }
}
