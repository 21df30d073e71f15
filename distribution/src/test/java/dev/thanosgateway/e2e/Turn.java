package dev.thanosgateway.e2e;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a chat request holds for an agent's task, whatever the language.
 *
 * @param tools the tools offered
 * @param rounds the answers with tool calls so far, oldest first
 * @param said the user's texts, oldest first
 * @param pictures the images of the conversation, each as base64
 * @param shape the schema the answer must have; missing = none
 */
record Turn(
        String model,
        boolean stream,
        List<Tool> tools,
        List<Round> rounds,
        List<String> said,
        List<String> pictures,
        JsonNode shape) {

    /** @param free whether it takes one text instead of arguments by a schema */
    record Tool(String name, JsonNode schema, boolean free) {}

    /** One tool call in the conversation. */
    static final class Called {
        final String id;
        final String name;
        final String arguments;
        /** What the tool returned; null = no result yet. */
        @Nullable
        String result;

        Called(String id, String name, String arguments) {
            this.id = id;
            this.name = name;
            this.arguments = arguments;
        }
    }

    /** One assistant message with tool calls. */
    static final class Round {
        final List<Called> calls = new ArrayList<>();
        /** Whether the thought came back as the language wants it: signed or encrypted where it signs. */
        boolean thought;
    }

    /**
     * What the model answers.
     *
     * @param calls if any, the text is said before them
     */
    record Said(@Nullable String thought, String text, List<Call> calls) {
        static Said text(String text) {
            return new Said(null, text, List.of());
        }
    }

    /** @param arguments a JSON object, or the text of a free tool */
    record Call(String tool, String arguments, boolean free) {}

    /** Collects a request. */
    static final class Reader {
        final List<Tool> tools = new ArrayList<>();
        final List<Round> rounds = new ArrayList<>();
        final List<String> said = new ArrayList<>();
        final List<String> pictures = new ArrayList<>();
        private @Nullable Round open;

        /** The round that further calls belong to. */
        Round round() {
            if (open == null) {
                open = new Round();
                rounds.add(open);
            }
            return open;
        }

        /** What comes next is no call of the same answer. */
        void close() {
            open = null;
        }

        void call(String id, String name, String arguments) {
            round().calls.add(new Called(id, name, arguments));
        }

        /** A result, of the oldest open call with this id. */
        void result(String id, String text) {
            close();
            for (Round round : rounds) {
                for (Called call : round.calls) {
                    if (call.id.equals(id) && call.result == null) {
                        call.result = text;
                        return;
                    }
                }
            }
        }

        /** A picture of the user's, as a data URL or as bare base64. */
        void picture(String url) {
            pictures.add(url.substring(url.indexOf(',') + 1));
        }

        Turn turn(String model, boolean stream, JsonNode shape) {
            return new Turn(model, stream, tools, rounds, said, pictures, shape);
        }
    }

    /** The text of a content that is a string or a list of parts. */
    static String text(JsonNode content) {
        if (content.isString()) {
            return content.asString();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asString(""));
        }
        return text.toString();
    }
}
