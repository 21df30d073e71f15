package dev.thanosgateway.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A configuration as somebody edits it, one setting after another. Beside what a test changes there are {@code steady}
 * and {@code flow}, whose tables change with every save, so that every save makes a new generation of both.
 */
final class EditedFile {
    private final Path path;
    private final FakeUpstream steady;
    private final FakeUpstream flow;
    private final Map<String, String> tables = new LinkedHashMap<>();
    private int saves;

    String mineEndpoint = "";
    String mineModel = "fake-large";
    String mineKey = FakeOpenAi.KEY;
    int mineWholeMillis = 10_000;
    String preferred = "mine";
    String strategy = "preferred";
    String alias = "steady/fake-small";
    int perMinute;

    EditedFile(Path path, FakeUpstream steady, FakeUpstream flow) {
        this.path = path;
        this.steady = steady;
        this.flow = flow;
    }

    void add(String id) {
        tables.put(id, Configurations.provider(id, steady, ""));
    }

    void remove(String id) {
        tables.remove(id);
    }

    String text() {
        saves++;
        StringBuilder text = new StringBuilder(Gateway.ANY_PORT);
        text.append("[providers.echo]\n");
        text.append(Configurations.provider("steady", steady, "headers = {x-save = \"" + saves + "\"}"));
        text.append(Configurations.provider("flow", flow, "timeouts = {idle_ms = " + (60_000 + saves) + "}"));
        text.append("[providers.mine]\ntype = \"openai\"\nendpoint = \"" + mineEndpoint + "\"\nmodel = \"" + mineModel
                + "\"\napi_key = \"" + mineKey + "\"\ntimeouts = {whole_ms = " + mineWholeMillis + "}\n");
        tables.values().forEach(text::append);
        text.append("[routing]\nstrategy = \"" + strategy + "\"\npreferred = \"" + preferred + "\"\n");
        text.append("[models.aliases]\nshort = \"" + alias + "\"\n");
        if (perMinute > 0) {
            text.append("[rate_limiting]\nrequests_per_minute = " + perMinute + "\n");
        }
        return text.toString();
    }

    /** As editors save: every second time a new file takes the old one's name, else the file is written anew. */
    void save(byte[] bytes) throws IOException {
        if (saves % 2 == 0) {
            Files.write(path, bytes);
            return;
        }
        Path next = path.resolveSibling(path.getFileName() + ".next");
        Files.write(next, bytes);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    }

    void save() throws IOException {
        save(text().getBytes(StandardCharsets.UTF_8));
    }
}
