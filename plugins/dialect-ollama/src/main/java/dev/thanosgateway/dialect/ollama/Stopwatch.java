package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.wire.json.JsonOut;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer took, as seen from here: until its first event, which stands for reading the prompt, and from
 * then on. Used by one thread.
 */
final class Stopwatch {
    private final long startNanos;
    private final long firstNanos = System.nanoTime();

    /** Made when the first event is there, or the whole answer. */
    Stopwatch(@Nullable Original request) {
        startNanos = request instanceof OllamaOriginal read ? read.readNanos() : firstNanos;
    }

    /**
     * @param prompt tokens of the prompt, below 0 = unknown
     * @param answer likewise of the answer
     */
    void write(JsonOut out, long prompt, long answer) {
        long now = System.nanoTime();
        total(out, prompt, now);
        out.name("prompt_eval_duration").value(firstNanos - startNanos);
        if (answer >= 0) {
            out.name("eval_count").value(answer);
        }
        out.name("eval_duration").value(now - firstNanos);
    }

    /** What is told of an answer that is nothing but read from the prompt. */
    void write(JsonOut out, long prompt) {
        total(out, prompt, System.nanoTime());
    }

    private void total(JsonOut out, long prompt, long now) {
        out.name("total_duration").value(now - startNanos).name("load_duration").value(0);
        if (prompt >= 0) {
            out.name("prompt_eval_count").value(prompt);
        }
    }
}
