package dev.thanosgateway.host.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a gateway tells of its plugins, for people. */
final class PluginTable {
    private final JsonNode told;

    PluginTable(JsonNode told) {
        this.told = told;
    }

    void print(PrintStream out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("JAR", "BUNDLE", "VERSION", "STATE", ""));
        for (JsonNode plugin : told.path("plugins")) {
            rows.add(List.of(
                    text(plugin, "jar"),
                    text(plugin, "name"),
                    text(plugin, "version"),
                    text(plugin, "state"),
                    plugin.path("reason").asString("")));
        }
        Table.print(rows, out);
    }

    /** @return 0 = it serves, 1 = it does not */
    int why(String name, PrintStream out) throws UsageException {
        boolean found = false;
        boolean serves = true;
        for (JsonNode plugin : told.path("plugins")) {
            if (named(name, text(plugin, "jar"), text(plugin, "name"))) {
                found = true;
                serves &= text(plugin, "state").equals("serving");
                out.println(text(plugin, "jar") + "  " + text(plugin, "name") + " " + text(plugin, "version") + "  "
                        + because(plugin));
            }
        }
        for (JsonNode provider : told.path("providers")) {
            // A jar that does not serve stands among the providers too, without a type: it is told of above.
            if (name.equals(text(provider, "id"))
                    && !provider.path("type").asString("").isEmpty()) {
                found = true;
                serves &= text(provider, "state").equals("active");
                out.println("provider " + name + " of type " + text(provider, "type") + "  " + because(provider));
            }
        }
        if (!found) {
            throw new UsageException(
                    "No jar, bundle or provider is named \"" + name + "\": thanos plugins list shows the jars.");
        }
        return serves ? Commands.DONE : Commands.FAILED;
    }

    private static boolean named(String name, String jar, String bundle) {
        return name.equals(jar) || (name + ".jar").equals(jar) || name.equals(bundle);
    }

    private static String because(JsonNode of) {
        String reason = of.path("reason").asString("");
        return text(of, "state") + (reason.isEmpty() ? "" : ": " + reason);
    }

    private static String text(JsonNode of, String field) {
        return of.path(field).asString("-");
    }
}
