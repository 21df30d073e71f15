package dev.thanosgateway.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @ParameterizedTest
    @ValueSource(strings = {"--config a.toml", "--config=a.toml", "serve --config a.toml", "serve --config=a.toml"})
    void aFileIsTakenHoweverItIsGiven(String line) throws StartException {
        Arguments arguments = Arguments.parse(line.split(" "));

        assertThat(arguments.command()).isEqualTo(Arguments.Command.SERVE);
        assertThat(arguments.config()).isEqualTo(Path.of("a.toml"));
    }

    @Test
    void nothingMeansServe() throws StartException {
        assertThat(Arguments.parse()).isEqualTo(new Arguments(Arguments.Command.SERVE, null));
        assertThat(Arguments.parse("serve")).isEqualTo(Arguments.parse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bogus", "-x", "srve", "serve serve", "--config a.toml serve", ""})
    void whatMakesNoSenseIsNamed(String line) {
        String[] words = line.split(" ");
        assertThatThrownBy(() -> Arguments.parse(words))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("\"" + words[words.length - 1] + "\"")
                .hasMessageContaining("--help");
    }

    @Test
    void aMissingFileNameIsSaid() {
        assertThatThrownBy(() -> Arguments.parse("--config"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("needs a file");
    }
}
