package dev.thanosgateway.host.plugins;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and writes OSGi manifest headers (OSGi Core 8, 3.2.3): clauses of names, attributes and directives. */
final class ManifestHeader {
    private final String text;
    private int at;

    private ManifestHeader(String text) {
        this.text = text;
    }

    /**
     * One clause.
     *
     * @param attributes by name as written, with its type where it has one ({@code order:Long})
     * @param directives by name, without the colon
     */
    record Clause(List<String> names, Map<String, String> attributes, Map<String, String> directives) {
        /** The value of an attribute, whatever its type; null = absent. */
        @Nullable
        String attribute(String name) {
            for (Map.Entry<String, String> e : attributes.entrySet()) {
                String key = e.getKey();
                if (key.equals(name) || key.startsWith(name + ":")) {
                    return e.getValue();
                }
            }
            return null;
        }

        boolean optional() {
            return "optional".equals(directives.get("resolution"));
        }

        /** The same clause with {@code version} set. */
        Clause withVersion(String version) {
            Map<String, String> changed = new LinkedHashMap<>(attributes);
            changed.keySet()
                    .removeIf(k -> k.equals("version") || k.startsWith("version:") || k.startsWith("specification-"));
            changed.put("version", version);
            return new Clause(names, changed, directives);
        }

        /** The same clause for one of its names. */
        Clause only(String name) {
            return new Clause(List.of(name), attributes, directives);
        }

        private String written() {
            StringBuilder out = new StringBuilder(String.join(";", names));
            attributes.forEach((k, v) -> out.append(';').append(k).append('=').append(quoted(v)));
            directives.forEach((k, v) -> out.append(';').append(k).append(":=").append(quoted(v)));
            return out.toString();
        }
    }

    static List<Clause> parse(@Nullable String header) throws PluginRefusal {
        if (header == null || header.isBlank()) {
            return List.of();
        }
        ManifestHeader reader = new ManifestHeader(header);
        List<Clause> clauses = new ArrayList<>();
        do {
            clauses.add(reader.clause());
        } while (reader.skip(','));
        if (reader.at < header.length()) {
            throw PluginRefusal.of("its manifest has a header that cannot be read at \""
                    + header.substring(reader.at, Math.min(header.length(), reader.at + 20)) + "\"");
        }
        return clauses;
    }

    static String write(List<Clause> clauses) {
        return clauses.stream().map(Clause::written).collect(Collectors.joining(","));
    }

    private Clause clause() {
        List<String> names = new ArrayList<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        Map<String, String> directives = new LinkedHashMap<>();
        do {
            String name = until("=;,\"").strip();
            if (name.endsWith(":") && skip('=')) {
                directives.put(name.substring(0, name.length() - 1).strip(), value());
            } else if (skip('=')) {
                attributes.put(name, value());
            } else if (!name.isEmpty()) {
                names.add(name);
            }
        } while (skip(';'));
        return new Clause(names, attributes, directives);
    }

    private String value() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        if (!skip('"')) {
            return until(";,").strip();
        }
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        at = Math.min(text.length(), at + 1);
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return value.toString();
    }

    private String until(String ends) {
        int from = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private boolean skip(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        if (there) {
            at++;
        }
        return there;
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
