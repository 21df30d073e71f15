package dev.thanosgateway.e2e;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Omen in front of Claude: reads OpenAI's chats by its Rust types and streams Anthropic's events, without a thought. */
final class OmenLanguage extends ChatLanguage {
    @Override
    public @Nullable String wrong(String path, JsonNode request) {
        String wrong = FakeOmen.wrong(request);
        return wrong == null ? super.wrong(path, request) : wrong;
    }

    @Override
    public void write(FakeUpstream.Call call, JsonNode request, Turn turn, Turn.Said said) throws Exception {
        Turn.Said bare = new Turn.Said(null, said.text(), said.calls());
        if (!turn.stream()) {
            call.json(200, whole(turn, bare).toString());
            return;
        }
        ObjectNode message = JsonMapper.shared().createObjectNode().put("id", "msg_" + AgentTask.number());
        message.put("model", turn.model()).putArray("content");
        message.putObject("usage").put("input_tokens", 1100).put("output_tokens", 1);
        call.sse();
        MessagesLanguage.events(call, message, MessagesLanguage.withoutThought(bare));
        call.endChunks();
    }
}
