package dev.thanosgateway.host.command;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a gateway tells of a decision or of a plan, for people. */
final class Explanation {
    private static final int DIGITS = 4;

    private final JsonNode told;
    private final PrintStream out;

    Explanation(JsonNode told, PrintStream out) {
        this.told = told;
        this.out = out;
    }

    /** Why a request was answered as it was. */
    void decision() {
        String from = "Request " + text(told, "request_id") + " at " + text(told, "time") + " over "
                + text(told, "front_end") + " (" + text(told, "endpoint") + ")";
        if (text(told, "outcome").equals("refused")) {
            out.println(from + (told.path("caller_known").asBoolean() ? "" : ", from nobody known"));
            out.println("Outcome: refused before its model was looked at, after " + text(told, "duration_ms") + " ms");
            out.println("  " + error());
            return;
        }
        out.println(from + ", "
                + (told.path("stream").asBoolean() ? "streamed" : "whole")
                + (told.path("session").asBoolean() ? ", in a session" : ""));
        out.println("Outcome: " + outcome());
        list("Left out of the request as sent", told.path("dropped"));
        out.println();
        plan();
        happened();
    }

    /** How a request would be planned. */
    void route() {
        plan();
        String failure = told.path("failure").asString("");
        if (!failure.isEmpty()) {
            out.println("Nobody would be asked: " + failure);
        }
        for (Map.Entry<String, JsonNode> one : told.path("set_aside").properties()) {
            out.println(one.getKey() + " would be passed over while another can be asked: "
                    + one.getValue().asString(""));
        }
    }

    private String outcome() {
        String by = text(told, "served_by");
        String time = " after " + attempts() + " in " + text(told, "duration_ms") + " ms";
        String message = error();
        return switch (text(told, "outcome")) {
            case "served" -> "served by " + by + time + usage();
            case "cancelled" -> "cancelled, the caller went away" + time + usage();
            case "cut" ->
                "cut" + time + usage() + "; " + by + " failed after its first event, when nobody else can be asked."
                        + "\n  " + message;
            default -> "failed" + time + "\n  " + message;
        };
    }

    private String error() {
        return told.path("error").asString("") + ": " + told.path("message").asString("");
    }

    private String attempts() {
        int attempts = told.path("attempts").size();
        return attempts == 1 ? "1 attempt" : attempts + " attempts";
    }

    private String usage() {
        JsonNode usage = told.path("usage");
        return usage.isObject()
                ? "; tokens: " + text(usage, "input_tokens") + " in, " + text(usage, "output_tokens") + " out"
                : "";
    }

    private void plan() {
        for (JsonNode name : told.path("names")) {
            out.println("\"" + text(name, "name") + "\" " + understood(text(name, "understood")));
            if (name.has("strategy")) {
                choice(name);
            }
        }
        list("The request, looked at since models differ, has", told.path("needs"));
        for (Map.Entry<String, JsonNode> one : told.path("left_out").properties()) {
            out.println(
                    "Left out: " + one.getKey() + ", because " + one.getValue().asString(""));
        }
        list("Order", told.path("order"));
    }

    private static String understood(String how) {
        return switch (how) {
            case "pinned" -> "names a provider and its model.";
            case "provider" -> "is a provider; it is asked for its configured model.";
            case "alias" -> "is an alias of [models.aliases].";
            case "bare" -> "names no provider: those that list it can be asked, else those that list nothing.";
            default -> "lets the strategy choose.";
        };
    }

    private void choice(JsonNode name) {
        String instead = name.path("file_order_because").asString("");
        out.println("The strategy " + text(name, "strategy") + " (" + text(name, "bundle") + ") "
                + (instead.isEmpty() ? "planned; it saw:" : "did not plan, the file's order served: " + instead));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "  PROVIDER", "MODEL", "IN FLIGHT", "FIRST EVENT MS", "FAILURES", "CONTEXT", "PRICES", "STATE"));
        for (JsonNode one : name.path("candidates")) {
            rows.add(List.of(
                    "  " + text(one, "provider"),
                    text(one, "model"),
                    text(one, "in_flight"),
                    text(one, "first_event_ms"),
                    text(one, "failures"),
                    text(one, "context_length"),
                    prices(one.path("prices")),
                    one.path("unavailable").asString("available")));
        }
        Table.print(rows, out);
        order(name);
    }

    private void order(JsonNode name) {
        String why = name.path("in_this_order_because").asString("");
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode target : name.path("planned")) {
            JsonNode scores = name.path("scores").path(target.asString(""));
            rows.add(List.of("  " + target.asString(""), scores(scores)));
        }
        if (!rows.isEmpty() && !(why.isEmpty() && name.path("scores").isEmpty())) {
            out.println(why.isEmpty() ? "In this order, by these scores:" : "In this order, because " + why + ":");
            Table.print(rows, out);
        }
    }

    private static String scores(JsonNode scores) {
        List<String> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> one : scores.properties()) {
            all.add(one.getKey().replace('_', ' ') + " " + number(one.getValue().asDouble()));
        }
        return String.join(", ", all);
    }

    /** As people write it, with as many digits as say something. */
    private static String number(double value) {
        BigDecimal exact = BigDecimal.valueOf(value);
        int digits = Math.max(DIGITS, exact.precision() - exact.scale());
        BigDecimal rounded = exact.round(new MathContext(digits)).stripTrailingZeros();
        return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }

    private static String prices(JsonNode prices) {
        List<String> all = new ArrayList<>();
        prices.properties()
                .forEach(one -> all.add(one.getKey() + " " + one.getValue().asString("")));
        return all.isEmpty() ? "-" : String.join(" ", all);
    }

    private void list(String what, JsonNode words) {
        List<String> all = new ArrayList<>();
        words.forEach(word -> all.add(word.asString("")));
        if (!all.isEmpty()) {
            out.println(what + ": " + String.join(", ", all));
        }
    }

    private void happened() {
        List<JsonNode> steps = new ArrayList<>();
        told.path("passed_over").forEach(steps::add);
        told.path("attempts").forEach(steps::add);
        if (steps.isEmpty()) {
            out.println("Nobody was asked.");
            return;
        }
        steps.sort(Comparator.comparingDouble(step -> step.path("at_ms").asDouble()));
        out.println("What happened:");
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode step : steps) {
            rows.add(List.of(
                    "  " + text(step, "at_ms") + " ms",
                    text(step, "target"),
                    step.has("outcome") ? asked(step) : "passed over, " + text(step, "kind"),
                    step.path(step.has("outcome") ? "message" : "reason").asString("")));
        }
        Table.print(rows, out);
    }

    private static String asked(JsonNode step) {
        List<String> words = new ArrayList<>();
        String again = step.path("asked_before").asInt() > 0 ? "asked again" : "asked";
        words.add(step.path("although_set_aside").asBoolean() ? again + " though set aside" : again);
        if (step.path("key").isString()) {
            words.add("with " + text(step, "key"));
        }
        if (!step.path("sent").asBoolean()) {
            words.add("never sent");
        }
        if (step.path("stale_connection_retried").asBoolean()) {
            words.add("sent again, the pooled connection was dead");
        }
        if (step.path("status").isNumber()) {
            words.add(text(step, "status") + " after " + text(step, "head_ms") + " ms");
        }
        if (step.path("first_event_ms").isNumber()) {
            words.add("answer after " + text(step, "first_event_ms") + " ms");
        }
        words.add(text(step, "outcome") + " after " + text(step, "duration_ms") + " ms");
        return String.join(", ", words);
    }

    private static String text(JsonNode of, String field) {
        return of.path(field).asString("-");
    }
}
