package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.Json;
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
    static List<Json> read(JsonNode candidate, TextPlaces text) {
        List<Json> all = new ArrayList<>();
        JsonNode metadata = candidate.path("citationMetadata");
        JsonNode grounding = candidate.path("groundingMetadata");
        for (String name : List.of("citationSources", "citations")) {
            for (JsonNode source : metadata.path(name)) {
                add(all, source, source, text);
            }
        }
        JsonNode chunks = grounding.path("groundingChunks");
        for (JsonNode support : grounding.path("groundingSupports")) {
            for (JsonNode index : support.path("groundingChunkIndices")) {
                add(all, support.path("segment"), chunks.path(index.asInt(-1)).path("web"), text);
            }
        }
        if (grounding.path("groundingSupports").isEmpty()) {
            chunks.forEach(chunk -> add(all, Trees.object(), chunk.path("web"), new TextPlaces()));
        }
        return all;
    }

    private static void add(List<Json> all, JsonNode place, JsonNode source, TextPlaces text) {
        String uri = source.path("uri").asString("");
        if (uri.isEmpty()) {
            return;
        }
        ObjectNode citation = Trees.object().put("type", TYPE);
        citation.putObject(TYPE)
                .put("start_index", text.characters(place.path("startIndex").asInt(0)))
                .put("end_index", text.characters(place.path("endIndex").asInt(0)))
                .put("title", source.path("title").asString(""))
                .put("url", uri);
        all.add(Trees.json(citation));
    }

    /**
     * Writes those that name an address.
     *
     * @param text of the whole candidate
     */
    static void write(List<Json> citations, TextPlaces text, ObjectNode candidate) {
        ArrayNode sources = Trees.array();
        for (Json one : citations) {
            JsonNode citation = Trees.readable(one);
            if (citation.path("type").asString("").equals(TYPE)) {
                JsonNode said = citation.path(TYPE);
                sources.addObject()
                        .put("startIndex", text.bytes(said.path("start_index").asInt(0)))
                        .put("endIndex", text.bytes(said.path("end_index").asInt(0)))
                        .put("uri", said.path("url").asString(""))
                        .put("title", said.path("title").asString(""));
            }
        }
        if (!sources.isEmpty()) {
            candidate.putObject("citationMetadata").set("citationSources", sources);
        }
    }
}
