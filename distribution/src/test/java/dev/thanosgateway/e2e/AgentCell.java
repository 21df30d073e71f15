package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One agent before one provider, case by case, in one home. */
final class AgentCell {
    private final Agent agent;
    private final AgentProvider provider;
    private final AgentRun run;
    private final AgentPage page;
    private boolean set;

    AgentCell(Agent agent, AgentProvider provider, AgentRun run, AgentPage page) {
        this.agent = agent;
        this.provider = provider;
        this.run = run;
        this.page = page;
    }

    /** Does one case, and fails with what was wrong. */
    void check(AgentTask.Case what, String address, String key) throws Exception {
        if (!set) {
            run.settings(page, agent.name(), address, key, provider.model());
            set = true;
        }
        AgentTask task = new AgentTask(what, run.work());
        task.prepare();
        Files.writeString(run.work().resolve("schema.json"), AgentTask.SCHEMA);
        provider.script().add(task);
        List<String> command = command(task);
        if (what == AgentTask.Case.CANCEL) {
            cancels(task, command);
            return;
        }
        AgentRun.End end = run.run(command);
        String all = command + "\n" + task + "\n" + end.out();
        assertThat(task.problems).as(all).isEmpty();
        assertThat(task.turns).as(all).isNotEmpty();
        switch (what) {
            case EDIT -> {
                assertThat(task.result()).as(all).isEqualTo(AgentTask.RESULT);
                said(end, AgentTask.DONE, all);
                assertThat(task.thoughtReturned() || !agent.returnsThoughts(provider.id()))
                        .as("the thought came back: " + all)
                        .isTrue();
            }
            case RESUME -> said(end, AgentTask.AGAIN, all);
            case LOOK -> said(end, AgentTask.SEEN, all);
            case SHAPE -> said(end, "Zürich", all);
            default -> {
                assertThat(end.out()).as(all).contains(AgentTask.REFUSAL);
                if (what == AgentTask.Case.CREDENTIAL) {
                    assertThat(end.out()).as(all).contains("Check the key configured for this provider");
                    assertThat(task.turns).as(all).hasSize(1);
                }
            }
        }
    }

    private static void said(AgentRun.End end, String text, String all) {
        assertThat(end.out()).as(all).contains(text);
        assertThat(end.code()).as(all).isZero();
    }

    private List<String> command(AgentTask task) {
        List<String> words = agent.cases().get(task.what).apply(page.run(agent.name(), provider.model()));
        List<String> command = new ArrayList<>();
        for (String word : words) {
            command.add(word.replace(AgentPage.PROMPT, task.prompt()));
        }
        return command;
    }

    private void cancels(AgentTask task, List<String> command) throws Exception {
        AgentRun.Started started = run.start(command);
        try {
            Eventually.within(
                    Duration.ofSeconds(60),
                    "the answer begins",
                    () -> task.begun || !started.process().isAlive());
            assertThat(task.begun).as("begun").isTrue();
            started.interrupt();
            Eventually.within(Duration.ofSeconds(5), "the upstream sees the end", () -> task.gone);
        } finally {
            AgentRun.end(started);
        }
    }

    /** The folder of a cell. */
    static Path folder() throws Exception {
        return Files.createTempDirectory("thanos-agent");
    }
}
