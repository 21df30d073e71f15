package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One case: a folder with {@code request.json}, {@code answer.http} and {@code events.txt}, see the package. */
final class Cassette {
    static final String REQUEST = "request.json";
    static final String ANSWER = "answer.http";
    static final String EVENTS = "events.txt";
    static final String CALL = "call.json";
    static final String DROPPED = "dropped.txt";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path folder;

    private Cassette(Path folder) {
        this.folder = folder;
    }

    /**
     * The cases below a folder, sorted by name.
     *
     * @param file only those that have it
     */
    static List<Cassette> in(Path folder, String file) {
        if (!Files.isDirectory(folder)) {
            throw new AssertionError("There are no cassettes: " + folder.toAbsolutePath() + " is no folder.");
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> Files.isRegularFile(path.resolve(file)))
                    .sorted()
                    .map(Cassette::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What must be refused, by the names of the cases; empty = nothing is kept. */
    static Map<String, JsonNode> refused(Path folder) {
        return cases(folder.resolve("refused/requests.json"));
    }

    /** Errors in a vendor's own words, likewise. */
    static Map<String, JsonNode> errors(Path folder) {
        return cases(folder.resolve("errors/answers.json"));
    }

    private static Map<String, JsonNode> cases(Path file) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        if (Files.exists(file)) {
            JSON.readTree(file.toFile()).properties().forEach(one -> all.put(one.getKey(), one.getValue()));
        }
        return all;
    }

    String name() {
        return String.valueOf(folder.getFileName());
    }

    ChatRequest request() {
        return Requests.read(json(REQUEST));
    }

    JsonNode json(String file) {
        return JSON.readTree(bytes(file));
    }

    RecordedAnswer answer() {
        return RecordedAnswer.parse(bytes(ANSWER));
    }

    /** The body the call must have; null = not said. */
    @Nullable
    JsonNode call() {
        return Files.exists(folder.resolve(CALL)) ? json(CALL) : null;
    }

    /** @return what must come out, a line an event; empty = nobody has written it down yet */
    List<String> events() {
        return lines(EVENTS);
    }

    /** @return the names of what the call leaves out of the request */
    List<String> dropped() {
        return lines(DROPPED);
    }

    private List<String> lines(String name) {
        try {
            Path file = folder.resolve(name);
            return Files.exists(file)
                    ? Files.readAllLines(file).stream()
                            .filter(line -> !line.isEmpty())
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares what came out with what must; run with {@code -Dtck.keep}, writes it down where nobody has. */
    void compare(List<String> lines) {
        Path file = folder.resolve(EVENTS);
        try {
            if (System.getProperty("tck.keep") != null && !Files.exists(file)) {
                Files.write(file, lines);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(String.join("\n", lines))
                .as("the events of %s, to be checked by eye and kept in %s", name(), EVENTS)
                .isEqualTo(String.join("\n", events()));
    }

    boolean fails() {
        List<String> events = events();
        return !events.isEmpty() && events.get(events.size() - 1).startsWith(Outcome.FAILURE);
    }

    private byte[] bytes(String file) {
        try {
            return Files.readAllBytes(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
