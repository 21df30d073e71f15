package dev.thanosgateway.e2e;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** xAI's API as published: OpenAI's, but errors are a code and a sentence, and a stream sends each call in one piece. */
final class FakeXai implements FakeUpstream.Script {
    private final FakeOpenAi chats = new FakeOpenAi().withCallsInOnePiece();
    private final FakeResponses rest = new FakeResponses();

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        FakeUpstream.Request request = call.request();
        JsonNode body = request.body().length == 0
                ? JsonMapper.shared().missingNode()
                : JsonMapper.shared().readTree(request.body());
        switch (body.path("model").asString("")) {
            case "missing" ->
                call.json(
                        404,
                        "{\"code\":\"Some requested entity was not found\",\"error\":\"The model missing does not exist.\"}");
            case "limited" ->
                call.json(
                        429,
                        "{\"code\":\"Some resource has been exhausted\",\"error\":\"Too many requests.\"}",
                        "retry-after: 7");
            case "picky" ->
                call.json(
                        400,
                        "{\"code\":\"Client specified an invalid argument\",\"error\":\"Invalid temperature: 9.\"}");
            default -> {
                if (request.path().equals("/v1/chat/completions")) {
                    chats.answer(call);
                } else {
                    rest.answer(call);
                }
            }
        }
    }
}
