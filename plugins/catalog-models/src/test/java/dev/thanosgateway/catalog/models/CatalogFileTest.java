package dev.thanosgateway.catalog.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.catalog.CatalogModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogFileTest {
    private static CatalogFile read(String text) throws IOException {
        return CatalogFile.read(new BufferedReader(new StringReader(text)));
    }

    @Test
    void aRowSaysWhatIsKnownAndNoMore() throws Exception {
        CatalogFile file = read("""
                # a comment
                date 2026-01-31
                [acme]
                default big-latest
                big-20260101 | Big | 1000 | 100 |  | sj | 1.5 | 6 | | 2 | 2027-01-14 | huge | big big-latest ~large ~great
                vector | | | | 64 | e | | | | | | |
                """);

        assertThat(file.date()).isEqualTo(LocalDate.of(2026, 1, 31));
        CatalogModel big = file.models().get(0);
        assertThat(big).hasToString("acme/big-20260101");
        assertThat(big.facts().name()).isEqualTo("Big");
        assertThat(big.facts().contextLength()).isEqualTo(1000);
        assertThat(big.facts().maxOutput()).isEqualTo(100);
        assertThat(big.facts().capabilities()).isEqualTo(Set.of("streaming", "structured_output"));
        assertThat(big.facts().pricing()).isEqualTo(Map.of("input", 1.5, "output", 6.0, "cache_write", 2.0));
        assertThat(big.aliases()).isEqualTo(List.of("big", "big-latest"));
        assertThat(big.names()).isEqualTo(List.of("large", "great"));
        assertThat(big.ends()).isEqualTo(LocalDate.of(2027, 1, 14));
        assertThat(big.successor()).isEqualTo("huge");
        assertThat(file.defaults()).isEqualTo(Map.of("acme", "big-latest"));
        CatalogModel vector = file.models().get(1);
        assertThat(vector.facts().dimensions()).isEqualTo(64);
        assertThat(vector.facts().name()).isNull();
        assertThat(vector.facts().contextLength()).isZero();
        assertThat(vector.facts().pricing()).isEmpty();
        assertThat(vector.aliases()).isEmpty();
        assertThat(vector.ends()).isNull();
        assertThat(vector.successor()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "m|||||||||||| ; a [type] must come first",
                "[t]~m|n ; line 2 of the list of models: 2 columns, not 13",
                "[t]~m|n|12x|||||||||| ; line 2 of the list of models: ",
                "[t]~m|n||||sx||||||| ; no ability has the letter 'x'",
                "[t]~m|n|||||free|||||| ; line 2 of the list of models: ",
                "[t]~m|n|||||||||soon|| ; line 2 of the list of models: ",
                "default m ; line 1 of the list of models: a [type] must come first",
                "[t]~default m~default n ; line 3 of the list of models: a type has one default",
                "date 2026-01-31~[t]~default m~n|||||||||||| ; has no line for the default 'm' of [t]",
                "date soon ; line 1 of the list of models: ",
                "[t] ; has no date",
            })
    void whatCannotBeUnderstoodIsRefusedWithItsLine(String text, String why) {
        assertThatThrownBy(() -> read(text.replace('~', '\n')))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why.strip());
    }
}
