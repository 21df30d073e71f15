package dev.thanosgateway.host.metrics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prometheus' text format read by its grammar: every line is a comment or one sample. */
final class Scrape {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([-+0-9.eE]+|NaN|[-+]?Inf)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"(?:,|$)");

    private final Map<String, Double> samples = new LinkedHashMap<>();
    private final Map<String, String> types = new TreeMap<>();

    Scrape(Metrics metrics) {
        for (String line : new String(metrics.text(), StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ");
                types.put(words[2], words[3]);
            } else if (!line.startsWith("# HELP ")) {
                sample(line);
            }
        }
    }

    private void sample(String line) {
        Matcher m = SAMPLE.matcher(line);
        if (!m.matches()) {
            throw new AssertionError("no sample: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        String all = m.group(2) == null ? "" : m.group(2);
        Matcher label = LABEL.matcher(all);
        int end = 0;
        while (end < all.length()) {
            if (!label.find(end) || label.start() != end) {
                throw new AssertionError("no label: " + line);
            }
            labels.put(label.group(1), label.group(2));
            end = label.end();
        }
        if (samples.put(m.group(1) + labels, Double.valueOf(m.group(3))) != null) {
            throw new AssertionError("twice: " + line);
        }
    }

    Map<String, String> types() {
        return types;
    }

    /** @param labels in the order of their names, such as {@code {endpoint=chat, status=200}} */
    double value(String name, String labels) {
        Double value = samples.get(name + labels);
        if (value == null) {
            throw new AssertionError("no series " + name + labels + " in " + samples.keySet());
        }
        return value;
    }

    List<String> series(String name) {
        List<String> found = new ArrayList<>();
        for (String series : samples.keySet()) {
            if (series.startsWith(name + "{")) {
                found.add(series);
            }
        }
        return found;
    }
}
