package dev.thanosgateway.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The model's side of one agent's task, whatever the vendor's language: says what the model says next, checks what the
 * agent sent, and keeps what was wrong. An agent's prompt begins with the task's id, which is how its requests are
 * found among those of others.
 */
final class AgentTask {
    /** What the model thinks before its first calls; agents whose language has thoughts must send it back. */
    static final String THOUGHT = "I need both files first. 🤔";

    static final String ALPHA = "alpha-4711 Grüße";
    static final String BETA = "beta-0815 世界";
    static final String RESULT = ALPHA + " & " + BETA;
    static final String DONE = "Both words are in result.txt.";
    static final String AGAIN = "Said again: " + RESULT;
    static final String SEEN = "The picture has one red dot.";
    static final String SHAPED = "{\"city\":\"Zürich\",\"height\":408}";
    static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},"
            + "\"height\":{\"type\":\"integer\"}},\"required\":[\"city\",\"height\"],\"additionalProperties\":false}";
    static final String REFUSAL = "The vendor refuses this request: it was told to.";

    /** A red square, as base64. */
    static final String PICTURE =
            "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mP4z8BAEmIY1TCqYfhqAACQ+f8B8u7oVwAAAABJRU5ErkJggg==";

    private static final AtomicLong NUMBER = new AtomicLong(1000);

    /** What an agent is to do. */
    enum Case {
        /** Read two files at once, and write a third. */
        EDIT("Read alpha.txt and beta.txt at once, and write both words into result.txt."),
        /** Take up the conversation of {@link #EDIT}. */
        RESUME("Say both words again."),
        LOOK("What is on picture.png?"),
        SHAPE("Where is the lake, and how high?"),
        /** The vendor refuses the gateway's credential. */
        CREDENTIAL("Say hello."),
        /** The vendor refuses the request. */
        REQUEST("Say hello."),
        /** The answer stops in the middle until the agent goes. */
        CANCEL("Tell a long story.");

        final String prompt;

        Case(String prompt) {
            this.prompt = prompt;
        }
    }

    final String id;
    final Case what;
    final Path folder;
    final List<Turn> turns = new CopyOnWriteArrayList<>();
    final List<String> problems = new CopyOnWriteArrayList<>();
    /** Waits for answers that stopped in the middle, and ended because the agent went. */
    volatile boolean begun;

    volatile boolean gone;

    AgentTask(Case what, Path folder) {
        this.id = "thanos-task-" + number();
        this.what = what;
        this.folder = folder;
    }

    /** A number that no other call has got. */
    static long number() {
        return NUMBER.incrementAndGet();
    }

    String prompt() {
        return id + ": " + what.prompt;
    }

    /** Puts the files of the task into the working folder. */
    void prepare() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("alpha.txt"), ALPHA + "\n");
        Files.writeString(folder.resolve("beta.txt"), BETA + "\n");
        Files.write(folder.resolve("picture.png"), Base64.getDecoder().decode(PICTURE));
    }

    /** What the file that the agent writes holds; empty = there is none. */
    String result() throws IOException {
        Path file = folder.resolve("result.txt");
        return Files.exists(file)
                ? Files.readString(file, StandardCharsets.UTF_8).strip()
                : "";
    }

    /** Whether the last request of the task has what the model thought before its first calls. */
    boolean thoughtReturned() {
        List<Turn.Round> rounds = turns.get(turns.size() - 1).rounds();
        return !rounds.isEmpty() && rounds.get(0).thought;
    }

    /** The model's next answer. */
    Turn.Said next(Turn turn) {
        if (isAside(turn)) {
            return Turn.Said.text(turn.shape().isObject() ? any(turn.shape()).toString() : "A short task");
        }
        turns.add(turn);
        return switch (what) {
            case EDIT -> edit(turn);
            case RESUME -> resume(turn);
            case LOOK -> look(turn);
            case SHAPE -> shape(turn);
            default -> Turn.Said.text("Hello. " + "It was a dark and stormy night. ".repeat(40));
        };
    }

    /** Whether an agent asks beside the task: for a title, a summary, a check. */
    boolean isAside(Turn turn) {
        return turn.tools().isEmpty() && what != Case.SHAPE;
    }

    private Turn.Said edit(Turn turn) {
        AgentTools tools = new AgentTools(turn.tools(), folder);
        return switch (turn.rounds().size()) {
            case 0 -> new Turn.Said(THOUGHT, "I read both.", List.of(tools.read("alpha.txt"), tools.read("beta.txt")));
            case 1 -> {
                read(turn.rounds().get(0));
                yield new Turn.Said("Now the result.", "", List.of(tools.write("result.txt", RESULT)));
            }
            default -> {
                read(turn.rounds().get(0));
                yield Turn.Said.text(DONE);
            }
        };
    }

    private void read(Turn.Round round) {
        check(round.calls.size() == 2, "two calls came back in one answer, not " + round.calls.size());
        has(round, 0, ALPHA);
        has(round, 1, BETA);
    }

    private void has(Turn.Round round, int index, String text) {
        String result = index < round.calls.size() ? round.calls.get(index).result : null;
        check(result != null && result.contains(text), "call " + index + " returned " + text + ", not " + result);
    }

    private Turn.Said resume(Turn turn) {
        String said = turn.said().isEmpty() ? "" : turn.said().get(turn.said().size() - 1);
        if (!said.contains(Case.RESUME.prompt)) {
            return edit(turn);
        }
        check(turn.rounds().size() >= 2, "the earlier calls are in the conversation");
        if (!turn.rounds().isEmpty()) {
            read(turn.rounds().get(0));
        }
        return Turn.Said.text(AGAIN);
    }

    private Turn.Said look(Turn turn) {
        if (turn.pictures().isEmpty() && turn.rounds().isEmpty()) {
            return new Turn.Said(null, "", List.of(new AgentTools(turn.tools(), folder).read("picture.png")));
        }
        check(!turn.pictures().isEmpty(), "a picture is in the conversation");
        check(turn.pictures().stream().allMatch(AgentTask::isPicture), "the picture is whole: " + turn.pictures());
        return Turn.Said.text(SEEN);
    }

    /** The picture, or the same one in another coding of the agent's. */
    private static boolean isPicture(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        return base64.equals(PICTURE) || (bytes.length > 60 && (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xFF) == 0xD8);
    }

    private Turn.Said shape(Turn turn) {
        for (Turn.Tool tool : turn.tools()) {
            if (tool.schema().path("properties").has("height") && turn.rounds().isEmpty()) {
                return new Turn.Said(null, "", List.of(new Turn.Call(tool.name(), SHAPED, false)));
            }
        }
        return Turn.Said.text(SHAPED);
    }

    private void check(boolean right, String what) {
        if (!right) {
            problems.add("expected: " + what);
        }
    }

    /** Some value of the schema. */
    private static JsonNode any(JsonNode schema) {
        JsonMapper json = JsonMapper.shared();
        if (schema.path("enum").size() > 0) {
            return schema.path("enum").get(0);
        }
        return switch (schema.path("type").asString("string").toLowerCase(java.util.Locale.ROOT)) {
            case "object" -> {
                var object = json.createObjectNode();
                schema.path("properties")
                        .propertyStream()
                        .forEach(one -> object.set(one.getKey(), any(one.getValue())));
                yield object;
            }
            case "array" -> json.createArrayNode();
            case "boolean" -> json.getNodeFactory().booleanNode(false);
            case "integer", "number" -> json.getNodeFactory().numberNode(1);
            default -> json.getNodeFactory().stringNode("A short task");
        };
    }

    @Override
    public String toString() {
        return id + " " + what + " after " + turns.size() + " turns " + problems;
    }

    /** The status with which the vendor refuses the case; 0 = it does not. */
    int refuses() {
        return switch (what) {
            case CREDENTIAL -> 401;
            case REQUEST -> 400;
            default -> 0;
        };
    }
}
