package dev.thanosgateway.host.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {
    private static CommandLine parse(String line) throws UsageException {
        return CommandLine.parse("1.0.0", line.isEmpty() ? new String[0] : line.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config a.toml", "--config=a.toml", "serve --config a.toml", "serve --config=a.toml"})
    void aFileIsTakenHoweverItIsGiven(String line) throws UsageException {
        assertThat(parse(line).verb()).isEqualTo(Verb.SERVE);
        assertThat(parse(line).option("config")).contains("a.toml");
    }

    @Test
    void nothingMeansServe() throws UsageException {
        assertThat(parse("")).isEqualTo(parse("serve"));
        assertThat(parse("").verb()).isEqualTo(Verb.SERVE);
    }

    @Test
    void wordsAndOptionsMayStandInAnyOrder() throws UsageException {
        CommandLine asked = parse("chat --key k echo/echo --url http://h Hello there -- --not-an-option");
        assertThat(asked.verb()).isEqualTo(Verb.CHAT);
        assertThat(asked.option("key")).contains("k");
        assertThat(asked.option("url")).contains("http://h");
        assertThat(asked.operands()).containsExactly("echo/echo", "Hello", "there", "--not-an-option");
        assertThat(parse("config check a.toml").operands()).containsExactly("a.toml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--bogus                  | \"--bogus\"     | --help",
                "-x                       | \"-x\"          | --help",
                "srve                     | \"srve\"        | 'serve'",
                "doctr                    | \"doctr\"       | 'doctor'",
                "relaod                   | \"relaod\"      | 'reload'",
                "frobnicate               | \"frobnicate\"  | --help",
                "serve serve              | \"serve\"       | --help",
                "--config a.toml serve    | \"serve\"       | --help",
                "--config                 | --config FILE   | needs a value",
                "serve --confg a          | \"--confg\"     | --config?",
                "models --josn            | \"--josn\"      | --json?",
                "models --url http://h    | \"--url\"       | models",
                "models refresh extra     | \"extra\"       | models",
                "chat --instnce 7         | \"--instnce\"   | --instance?",
                "config                   | check           | config check [FILE]",
                "config chek              | \"chek\"        | config check [FILE]",
                "config check a b         | \"b\"           | config check",
                "plugins                  | missing         | plugins"
            })
    void whatMakesNoSenseIsNamed(String line, String named, String help) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(named)
                .hasMessageContaining(help);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "serve --help"})
    void helpListsEveryCommandOnALineOfItsOwn(String line) throws UsageException {
        for (Verb verb : Verb.values()) {
            assertThat(parse(line).print()).containsPattern("(?m)^  " + verb.words() + " +\\w.*$");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SERVE")
    void everyCommandExplainsItselfAndItsExitCodes(Verb verb) throws UsageException {
        String help = parse(verb.words() + " --help").print();
        assertThat(help).startsWith("Usage: thanos " + verb.words()).contains("Exit code: 0");
        for (String option : verb.options()) {
            assertThat(help).containsPattern("(?m)^  --" + option + " .*\\w");
        }
        assertThat(help.lines()).allMatch(shown -> shown.length() <= 120);
    }

    @Test
    void theVersionIsPrinted() throws UsageException {
        assertThat(parse("--version").print()).isEqualTo("thanos 1.0.0\n");
    }
}
