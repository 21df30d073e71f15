package dev.thanosgateway.e2e;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A vendor's wire language, on the vendor's side: reads a chat request and writes the answer, whole or streamed. */
interface Language {
    /** @return whether the path is a chat */
    boolean isChat(String path);

    /** What the vendor would refuse of the request, whatever the model; null = nothing. */
    @Nullable
    String wrong(String path, JsonNode request);

    Turn read(String path, JsonNode request);

    void write(FakeUpstream.Call call, JsonNode request, Turn turn, Turn.Said said) throws Exception;

    /** An error as the vendor writes it. */
    String error(int status, String message);
}
