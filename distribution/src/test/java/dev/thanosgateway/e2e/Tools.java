package dev.thanosgateway.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Programs of the system that tests use where they are there. */
final class Tools {
    private Tools() {}

    /** @return whether the program is there and ended with 0 */
    static boolean succeed(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** @return what it printed, on either stream */
    static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed;
    }
}
