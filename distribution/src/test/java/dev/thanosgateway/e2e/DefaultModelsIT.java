package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code auto} reaches when nobody has named a model: with a key alone, and with a table without a model. */
class DefaultModelsIT {
    /** Types for which the catalogue has no default, and why. */
    private static final Map<String, String> WITHOUT = Map.of(
            "azure", "a model's id is the name that its owner gave a deployment",
            "echo", "it answers by itself, and lists its one model",
            "ollama", "the first of its own list, which is what is installed",
            "vllm", "the first of its own list, which is what is installed",
            "llamacpp", "the first of its own list, which is what is installed",
            "lmstudio", "the first of its own list, which is what is installed",
            "omen", "it chooses by itself");

    private static final Pattern TYPE = Pattern.compile("\\bthanos\\.provider;(.*?)(?=,thanos\\.provider;|$)");

    /** Each provider type that a jar declares, with its variables. */
    private static Map<String, List<String>> types() throws IOException {
        Map<String, List<String>> types = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Gateway.INSTALLATION.resolve("plugins"), "*.jar")) {
            for (Path path : jars) {
                try (JarFile jar = new JarFile(path.toFile())) {
                    String offers = jar.getManifest().getMainAttributes().getValue("Provide-Capability");
                    Matcher declared = TYPE.matcher(offers == null ? "" : offers);
                    while (declared.find()) {
                        String variables = attribute(declared.group(1), "env");
                        types.put(
                                attribute(declared.group(1), "type"),
                                variables.isEmpty() ? List.of() : List.of(variables.split(",")));
                    }
                }
            }
        }
        assertThat(types).containsKeys("openai", "deepseek", "ollama", "azure");
        return types;
    }

    private static String attribute(String capability, String name) {
        Matcher found =
                Pattern.compile("(?:^|;)" + name + "=(?:\"([^\"]*)\"|([^;,]*))").matcher(capability);
        return !found.find() ? "" : found.group(1) == null ? found.group(2) : found.group(1);
    }

    private static String banner(Gateway gateway, String type) throws Exception {
        return gateway.line(line -> line.startsWith("provider  " + type + "  "));
    }

    @Test
    void everyTypeHasADefaultModelOrAReason() throws Exception {
        Map<String, List<String>> types = types();
        StringBuilder tables = new StringBuilder(Gateway.ANY_PORT);
        for (String type : types.keySet()) {
            boolean here = WITHOUT.containsKey(type) && !type.equals("echo");
            tables.append("[providers.").append(type).append("]\napi_key = \"sk-of-a-test\"\n");
            tables.append(here ? "endpoint = \"http://127.0.0.1:1\"\n" : "");
        }
        try (Gateway gateway = Gateway.with(tables.toString()).start()) {
            for (String type : types.keySet()) {
                if (!WITHOUT.containsKey(type)) {
                    assertThat(banner(gateway, type)).contains("active; default model ");
                } else if (!type.equals("echo")) {
                    assertThat(banner(gateway, type)).doesNotContain("default model");
                }
            }
        }
        assertThat(types.keySet()).containsAll(WITHOUT.keySet());
    }

    @Test
    void whoeverHasAKeyReachesItsProviderByAuto() throws Exception {
        Map<String, List<String>> types = types();
        Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT);
        List<String> adopted = new ArrayList<>();
        types.forEach((type, variables) -> {
            if (!variables.isEmpty()) {
                builder.environment(variables.get(0), "sk-of-a-test");
                adopted.add(type);
            }
        });
        try (Gateway gateway = builder.start()) {
            for (String type : adopted) {
                assertThat(banner(gateway, type))
                        .contains("since " + types.get(type).get(0) + " is set; default model ");
            }
            assertThat(gateway.line(line -> line.contains("curl "))).doesNotContain("\"auto\"", "echo/echo");
            String route = Command.run(gateway.folder(), "route", "--json").out();
            assertThat(route)
                    .contains("\"model\" : \"deepseek-flash\"", "\"model\" : \"openrouter/auto\"")
                    .doesNotContain("\"model\" : null", "\"echo\"");
        }
        assertThat(adopted).doesNotContainAnyElementsOf(WITHOUT.keySet()).contains("deepseek", "openrouter", "qwen");
    }

    @Test
    void anAdoptedProviderWithoutAModelDoesNotKeepTheFirstCallFromEcho() throws Exception {
        Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT).environment("MISTRAL_API_KEY", "sk-of-a-test");
        Files.delete(builder.plugins().resolve("catalog-models.jar"));
        try (Gateway gateway = builder.start()) {
            assertThat(banner(gateway, "mistral")).doesNotContain("default model");
            String curl = gateway.line(line -> line.contains("curl "));
            Process process = new ProcessBuilder("sh", "-c", curl.strip())
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).contains("data: [DONE]");
            HttpResponse<String> auto = gateway.post(Chats.PATH, Chats.whole("auto", "hi"));
            assertThat(auto.statusCode()).as(auto.body()).isEqualTo(200);
            assertThat(auto.headers().firstValue("x-thanos-provider")).contains("echo");
        }
    }
}
