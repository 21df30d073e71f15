package dev.thanosgateway.host.config;

/**
 * One thing wrong with a configuration.
 *
 * @param file as the user named it
 * @param line from 1; 0 = the file as a whole
 * @param column from 1, in characters; 0 = the file as a whole
 * @param sentence what is wrong and what to do; never a value that may be a secret
 */
public record Problem(String file, int line, int column, String sentence) {
    /** {@code file:line:column: sentence}, as editors understand it. */
    @Override
    public String toString() {
        return line == 0 ? file + ": " + sentence : file + ":" + line + ":" + column + ": " + sentence;
    }
}
