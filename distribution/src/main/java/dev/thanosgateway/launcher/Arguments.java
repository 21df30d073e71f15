package dev.thanosgateway.launcher;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param config the file of {@code --config}; null = the usual places
 */
record Arguments(Command command, @Nullable Path config) {
    enum Command {
        SERVE,
        HELP,
        VERSION
    }

    static final String HELP = """
            Usage: thanos [serve] [--config FILE]

              serve          start the gateway (what happens without a command, too)
              --config FILE  read this configuration instead of looking in the usual places
              --help         print this text
              --version      print the version

            Without --config: $THANOS_CONFIG, ./config.toml, ./thanos.toml, ~/.config/thanos/config.toml,
            /etc/thanos/config.toml; without any of them the built-in defaults.
            THANOS_STATE is the folder for what is kept, THANOS_JAVA_OPTS are options for the JVM.
            """;

    /** @throws StartException naming the word that makes no sense */
    static Arguments parse(String... words) throws StartException {
        Command command = Command.SERVE;
        Path config = null;
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            if (word.equals("--config")) {
                if (++i == words.length) {
                    throw new StartException("--config needs a file: thanos --config FILE.");
                }
                config = Path.of(words[i]);
            } else if (word.startsWith("--config=")) {
                config = Path.of(word.substring("--config=".length()));
            } else if (word.equals("--help") || word.equals("-h")) {
                command = Command.HELP;
            } else if (word.equals("--version")) {
                command = Command.VERSION;
            } else if (!(word.equals("serve") && i == 0)) {
                String what = word.startsWith("-") ? "option" : "command";
                throw new StartException("Unknown " + what + " \"" + word + "\": thanos --help lists what there is.");
            }
        }
        return new Arguments(command, config);
    }
}
