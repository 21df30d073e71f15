package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sources of an answer: {@code citationMetadata} and {@code groundingMetadata} here, which count bytes of UTF-8; {@code
 * url_citation}s in OpenAI's form elsewhere, which count characters.
 */
final class Citations {
    /** The dialect whose form they have outside this language. */
    static final String DIALECT = "openai";

    private static final String TYPE = "url_citation";

    private Citations() {}

    /** @param text of the candidate so far */
    static List<Json> read(JsonNode candidate, CharSequence text) {
        List<Json> all = new ArrayList<>();
        byte[] bytes = null;
        JsonNode metadata = candidate.path("citationMetadata");
        JsonNode grounding = candidate.path("groundingMetadata");
        if (!metadata.isMissingNode() || !grounding.isMissingNode()) {
            bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        }
        if (bytes == null) {
            return all;
        }
        for (String name : List.of("citationSources", "citations")) {
            for (JsonNode source : metadata.path(name)) {
                add(all, source, source, bytes);
            }
        }
        JsonNode chunks = grounding.path("groundingChunks");
        for (JsonNode support : grounding.path("groundingSupports")) {
            for (JsonNode index : support.path("groundingChunkIndices")) {
                add(all, support.path("segment"), chunks.path(index.asInt(-1)).path("web"), bytes);
            }
        }
        if (grounding.path("groundingSupports").isEmpty()) {
            chunks.forEach(chunk -> add(all, Trees.object(), chunk.path("web"), new byte[0]));
        }
        return all;
    }

    private static void add(List<Json> all, JsonNode place, JsonNode source, byte[] text) {
        String uri = source.path("uri").asString("");
        if (uri.isEmpty()) {
            return;
        }
        ObjectNode citation = Trees.object().put("type", TYPE);
        citation.putObject(TYPE)
                .put("start_index", characters(text, place.path("startIndex").asInt(0)))
                .put("end_index", characters(text, place.path("endIndex").asInt(0)))
                .put("title", source.path("title").asString(""))
                .put("url", uri);
        all.add(Trees.json(citation));
    }

    private static int characters(byte[] text, int bytes) {
        int end = Math.max(0, Math.min(bytes, text.length));
        String before = new String(text, 0, end, StandardCharsets.UTF_8);
        return before.codePointCount(0, before.length());
    }

    /**
     * Writes those that name an address.
     *
     * @param text of the whole candidate
     */
    static void write(List<Json> citations, String text, ObjectNode candidate) {
        ArrayNode sources = Trees.array();
        for (Json one : citations) {
            JsonNode citation = Trees.readable(one);
            if (citation.path("type").asString("").equals(TYPE)) {
                JsonNode said = citation.path(TYPE);
                sources.addObject()
                        .put("startIndex", bytes(text, said.path("start_index").asInt(0)))
                        .put("endIndex", bytes(text, said.path("end_index").asInt(0)))
                        .put("uri", said.path("url").asString(""))
                        .put("title", said.path("title").asString(""));
            }
        }
        if (!sources.isEmpty()) {
            candidate.putObject("citationMetadata").set("citationSources", sources);
        }
    }

    private static int bytes(String text, int characters) {
        int points = text.codePointCount(0, text.length());
        int end = text.offsetByCodePoints(0, Math.max(0, Math.min(characters, points)));
        return text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
    }
}
