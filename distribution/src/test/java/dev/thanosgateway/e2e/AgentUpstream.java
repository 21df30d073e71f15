package dev.thanosgateway.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A vendor whose model plays agents' tasks: chats are answered as the task says whose id is in them, everything else by
 * {@code rest}. What the vendor refuses of a task's requests is a problem of the task.
 */
final class AgentUpstream implements FakeUpstream.Script {
    private static final Pattern ID = Pattern.compile("thanos-task-\\d+");

    /** The folder that every request is written into, to look at; null = they are not kept. */
    private static final @Nullable String RECORDED = System.getProperty("agents.recorded");

    private final Map<String, AgentTask> tasks = new ConcurrentHashMap<>();
    private final String key;
    private final List<Language> languages;
    private final FakeUpstream.Script rest;

    /** @param key the credential that must be in some header */
    AgentUpstream(String key, List<Language> languages, FakeUpstream.Script rest) {
        this.key = key;
        this.languages = languages;
        this.rest = rest;
    }

    void add(AgentTask task) {
        tasks.put(task.id, task);
    }

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        String path = call.request().path();
        for (Language language : languages) {
            if (call.request().line().startsWith("POST ") && language.isChat(path)) {
                chat(call, language);
                return;
            }
        }
        rest.answer(call);
    }

    private void chat(FakeUpstream.Call call, Language language) throws Exception {
        String text = call.request().text();
        AgentTask task = task(text);
        if (RECORDED != null) {
            String name = "%06d-%s.json".formatted(AgentTask.number(), task == null ? "aside" : task.id);
            Files.writeString(Path.of(RECORDED, name), call.request().line() + "\n" + text);
        }
        JsonNode request = JsonMapper.shared().readTree(text);
        String wrong = language.wrong(call.request().path(), request);
        if (call.request().headers().stream().noneMatch(header -> header.contains(key))) {
            wrong = "The credential is not the provider's.";
        }
        if (wrong != null) {
            if (task != null) {
                task.problems.add("the vendor refused: " + wrong);
            }
            call.json(400, language.error(400, wrong));
            return;
        }
        Turn turn = language.read(call.request().path(), request);
        play(call, language, request, turn, task);
    }

    /** The newest of the tasks whose ids the conversation has: a session that goes on has the earlier ones too. */
    private @Nullable AgentTask task(String text) {
        return ID.matcher(text)
                .results()
                .map(MatchResult::group)
                .max(Comparator.naturalOrder())
                .map(tasks::get)
                .orElse(null);
    }

    private static void play(
            FakeUpstream.Call call, Language language, JsonNode request, Turn turn, @Nullable AgentTask task)
            throws Exception {
        if (task == null) {
            language.write(call, request, turn, Turn.Said.text("A short task"));
            return;
        }
        Turn.Said said;
        try {
            said = task.next(turn);
        } catch (RuntimeException e) {
            task.problems.add(String.valueOf(e.getMessage()));
            call.json(400, language.error(400, String.valueOf(e.getMessage())));
            return;
        }
        if (task.refuses() != 0 && !task.isAside(turn)) {
            call.json(task.refuses(), language.error(task.refuses(), AgentTask.REFUSAL));
        } else if (task.what == AgentTask.Case.CANCEL && turn.stream() && !task.isAside(turn)) {
            call.hold();
            language.write(call, request, turn, said);
            call.half();
            task.begun = true;
            task.gone = call.awaitGone(60_000);
        } else {
            language.write(call, request, turn, said);
        }
    }
}
