package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chat that is translated: the request written from its content, the answer read into events. */
final class EventLane implements Lane {
    static final String VERSION = "2023-06-01";
    static final String PATH = "/v1/messages";

    private final ChatRequest request;
    private final Auth auth;
    private EventReader reader = new EventReader(false);
    private @Nullable ModelFit fit;

    EventLane(ChatRequest request, Auth auth) {
        this.request = request;
        this.auth = auth;
    }

    @Override
    public HttpCall call() throws GatewayException {
        ModelFit fitted = ModelFit.keepingForm(request);
        fit = fitted;
        RequestWriter writer = new RequestWriter(request, fitted);
        byte[] body = writer.write();
        reader = new EventReader(writer.answerTool());
        return HttpCall.postJson(PATH, ByteBuffer.wrap(body), auth)
                .withDropped(writer.dropped())
                .withHeader(MessagesOriginal.VERSION_HEADER, VERSION);
    }

    /** The tools have the caller's names. */
    private EventTarget restoring(Sink<ChatEvent> out) {
        return fit == null ? out::event : fit.restoring(out)::event;
    }

    @Override
    public void event(String type, Map<String, Value> members, String name, ByteBuffer data, Sink<ChatEvent> out)
            throws GatewayException, JsonException {
        reader.event(type, members, restoring(out));
    }

    @Override
    public void whole(Map<String, Value> members, ByteBuffer raw, Sink<ChatEvent> out)
            throws GatewayException, JsonException {
        reader.whole(members, restoring(out));
    }

    @Override
    public boolean complete() {
        return reader.complete();
    }

    @Override
    public void finish(Sink<ChatEvent> out) throws GatewayException {
        reader.finish(restoring(out));
    }
}
