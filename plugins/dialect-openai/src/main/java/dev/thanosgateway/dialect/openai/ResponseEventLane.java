package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.request.ModelFit;

/** A chat that its vendor takes at Responses alone: the request written from its content, the answer read into events. */
final class ResponseEventLane implements Lane {
    private final ChatRequest request;
    private final ModelFit fit;
    private final ResponseReader reader = new ResponseReader();

    ResponseEventLane(ChatRequest request, ModelFit fit) {
        this.request = request;
        this.fit = fit;
    }

    @Override
    public String path() {
        return ResponsesLane.PATH;
    }

    @Override
    public byte[] request() throws GatewayException {
        Needed.check(fit.content());
        return ResponsesRequestWriter.write(request, fit.content());
    }

    @Override
    public HttpCall marked(HttpCall call) throws GatewayException {
        return call.withDropped(ResponsesRequestWriter.dropped(fit, request.traits()));
    }

    @Override
    public void payload(byte[] bytes, int from, int to, int frame, Sink<ChatEvent> out) throws GatewayException {
        ResponseAnswer told;
        try {
            told = ResponseAnswer.read(bytes, from, to);
        } catch (JsonException e) {
            throw NoAnswer.badPayload(e);
        }
        reader.event(told, out::event);
    }

    @Override
    public void whole(byte[] bytes, int from, int to, Sink<ChatEvent> out) throws GatewayException {
        ResponseAnswer answer;
        try {
            answer = ResponseAnswer.read(bytes, from, to);
        } catch (JsonException e) {
            throw NoAnswer.badAnswer(e);
        }
        reader.whole(answer, out::event);
        finish(false, out);
    }

    @Override
    public boolean complete() {
        return reader.complete();
    }

    @Override
    public void finish(boolean marked, Sink<ChatEvent> out) throws GatewayException {
        if (!complete()) {
            throw Protocol.cut();
        }
        out.event(new ChatEvent.Finished(reader.usage()));
    }
}
