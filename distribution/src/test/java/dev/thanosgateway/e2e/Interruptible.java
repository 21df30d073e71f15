package dev.thanosgateway.e2e;

import java.util.ArrayList;
import java.util.List;

/**
 * Children that SIGINT and SIGHUP end. Where the tests themselves run with one of them ignored, as a shell starts what it
 * puts in the background and as nohup does, children would inherit that, and neither a shell nor a JVM would change it.
 */
final class Interruptible {
    /** Programs that give both signals their default effect and become the command that follows, keeping the process id. */
    private static final List<List<String>> LAUNCHERS = List.of(
            List.of("env", "--default-signal=INT,HUP"),
            List.of("perl", "-e", "$SIG{INT} = $SIG{HUP} = 'DEFAULT'; exec { $ARGV[0] } @ARGV or die $!"),
            List.of(
                    "python3",
                    "-c",
                    "import os, signal, sys; [signal.signal(one, signal.SIG_DFL) for one in (signal.SIGINT, signal.SIGHUP)]; "
                            + "os.execvp(sys.argv[1], sys.argv[1:])"));

    private Interruptible() {}

    /** @return a command line that becomes {@code command} */
    static List<String> of(List<String> command) throws InterruptedException {
        for (List<String> launcher : LAUNCHERS) {
            if (Tools.succeed(with(launcher, List.of("true")).toArray(String[]::new))) {
                return with(launcher, command);
            }
        }
        throw new AssertionError("needs coreutils 8.31, perl or python3");
    }

    private static List<String> with(List<String> launcher, List<String> command) {
        List<String> all = new ArrayList<>(launcher);
        all.addAll(command);
        return all;
    }
}
