package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.dialect.openai.wire.MemberRemoval;
import java.nio.ByteBuffer;
import java.util.Set;

/** {@code POST /v1/chat/completions}, and {@code POST /v1/chat}, whose whole answers have a few fields more. */
final class ChatCompletions implements ChatEndpoint {
    private static final Set<String> ADDED = Set.of("provider", "content", "done");

    private final boolean plain;

    /** @param plain whether this is {@code /v1/chat} */
    ChatCompletions(boolean plain) {
        this.plain = plain;
    }

    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        ByteBuffer body = incoming.body();
        byte[] bytes = ChatOriginal.copy(body);
        int begin = ChatOriginal.bodyStart(bytes);
        RequestScan scan = RequestScan.of(bytes, begin);
        return ChatRequest.builder(scan.model()).stream(scan.stream())
                .streamUsage(scan.streamUsage())
                .fallbacks(scan.fallbacks())
                .extensions(scan.extensions())
                .original(new ChatOriginal(body, scan))
                .content(() -> content(ChatOriginal.copy(body), begin))
                .build();
    }

    private static ChatContent content(byte[] bytes, int begin) throws GatewayException {
        try {
            return ContentReader.read(bytes, begin);
        } catch (JsonException e) {
            throw new GatewayException(ErrorKind.INVALID_REQUEST, "The request cannot be read: " + e.clause() + ".", e);
        }
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ChatResponse response) {
        return json(AnswerJson.write(response, served, plain, ChatOriginal.customs(request.original()))
                .toBuffer());
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        if (!plain) {
            return json(body);
        }
        byte[] bytes = ChatOriginal.copy(body);
        try {
            return json(ByteBuffer.wrap(withAdded(bytes, served)));
        } catch (JsonException e) {
            throw new IllegalArgumentException("an answer that was relayed as JSON is none", e);
        }
    }

    /** The answer's bytes as they are, with the added fields at the end, in place of any it has of these names. */
    private static byte[] withAdded(byte[] bytes, Served served) throws JsonException {
        Edits edits = new Edits();
        JsonReader json = JsonReader.lenient(bytes, 0, bytes.length);
        Json content = new Json("\"\"");
        json.enterObject();
        MemberRemoval removal = new MemberRemoval(json, edits);
        while (json.nextMember()) {
            removal.begin();
            String name = json.name();
            if (name.equals("choices") && json.peek() == '[') {
                content = firstContent(json);
            } else {
                json.skip();
            }
            if (ADDED.contains(name)) {
                removal.remove();
            } else {
                removal.keep();
            }
        }
        removal.end();
        JsonWriter added = new JsonWriter(256).name("provider").value(served.provider());
        added.name("content").value(content).name("done").value(true);
        int brace = json.position() - 1;
        edits.replace(brace, brace, "," + added);
        return edits.apply(bytes, 0, bytes.length);
    }

    /** The text of the first choice, as JSON. */
    private static Json firstContent(JsonReader json) throws JsonException {
        Json content = new Json("\"\"");
        boolean first = true;
        json.enterArray();
        while (json.nextElement()) {
            if (!first || json.peek() != '{') {
                json.skip();
                continue;
            }
            first = false;
            json.enterObject();
            while (json.nextMember()) {
                if (!json.name().equals("message") || json.peek() != '{') {
                    json.skip();
                    continue;
                }
                json.enterObject();
                while (json.nextMember()) {
                    if (json.name().equals("content") && json.peek() == '"') {
                        content = json.json();
                    } else {
                        json.skip();
                    }
                }
            }
        }
        return content;
    }

    @Override
    public ChatWriter stream(ChatRequest request, Served served) {
        return new ChunkWriter(AnswerJson.id(served), served.model(), served.created(), request.streamUsage())
                .with(ChatOriginal.customs(request.original()));
    }

    private static HttpBody json(ByteBuffer bytes) {
        return new HttpBody(200, "application/json", bytes);
    }
}
