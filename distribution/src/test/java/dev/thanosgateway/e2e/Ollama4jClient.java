package dev.thanosgateway.e2e;

import io.github.ollama4j.Ollama;
import io.github.ollama4j.exceptions.OllamaException;
import io.github.ollama4j.models.chat.OllamaChatMessage;
import io.github.ollama4j.models.chat.OllamaChatMessageRole;
import io.github.ollama4j.models.chat.OllamaChatRequest;
import io.github.ollama4j.models.chat.OllamaChatResponseModel;
import io.github.ollama4j.models.chat.OllamaChatResult;
import io.github.ollama4j.tools.Tools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Ollama4j. */
final class Ollama4jClient implements SdkClient {
    private static final Map<String, ?> SCHEMA =
            Map.of("type", "object", "properties", Map.of(CITY, Map.of("type", "string")), "required", List.of(CITY));

    private final String gateway;
    private final String key;

    Ollama4jClient(String gateway, String key) {
        this.gateway = gateway;
        this.key = key;
    }

    /** An error in a stream is read as a piece of the answer. */
    @Override
    public @Nullable Fault fault(Case of, boolean stream, String provider) {
        return of == Case.CUT && stream ? new Fault("The error is lost.", "getMessage\\(\\)\" is null") : null;
    }

    @Override
    public @Nullable String kind(Throwable failure) {
        return null;
    }

    /** The tools that are offered are kept in the client, so each call has its own. */
    private Ollama client() {
        Ollama client = new Ollama(gateway);
        client.setBearerAuth(key);
        client.setRequestTimeoutSeconds(20);
        return client;
    }

    @Override
    public String name() {
        return "ollama4j";
    }

    @Override
    public String stop() {
        return "stop";
    }

    private static OllamaChatMessage user(String said) {
        return new OllamaChatMessage(OllamaChatMessageRole.USER, said);
    }

    private static OllamaChatRequest request(String model, List<OllamaChatMessage> messages) {
        return OllamaChatRequest.builder().withModel(model).withMessages(new ArrayList<>(messages));
    }

    private OllamaChatResult ask(boolean stream, OllamaChatRequest request) throws OllamaException {
        return client().chat(request, stream ? piece -> {} : null);
    }

    private static String said(OllamaChatResult answer) {
        return answer.getResponseModel().getMessage().getResponse();
    }

    @Override
    public Said text(String model, String said, boolean stream) throws Exception {
        OllamaChatMessage system = new OllamaChatMessage(OllamaChatMessageRole.SYSTEM, "Be brief.");
        OllamaChatResult answer = ask(stream, request(model, List.of(system, user(said))));
        OllamaChatResponseModel end = answer.getResponseModel();
        if (end.getDoneReason() == null) {
            throw new IOException(model + " did not come to an end.");
        }
        return new Said(said(answer), end.getDoneReason(), end.getPromptEvalCount(), end.getEvalCount());
    }

    @Override
    public Called tools(String model, String said, List<String> tools, Function<Call, String> result, boolean stream)
            throws Exception {
        List<Call> calls = new ArrayList<>();
        List<Tools.Tool> offered =
                tools.stream().map(tool -> tool(tool, result, calls)).toList();
        Ollama client = client();
        client.registerTools(offered);
        OllamaChatRequest request = request(model, List.of(user(said))).withUseTools(true);
        return new Called(calls, said(client.chat(request, stream ? piece -> {} : null)));
    }

    private static Tools.Tool tool(String name, Function<Call, String> result, List<Call> calls) {
        Tools.Property city =
                Tools.Property.builder().type("string").required(true).build();
        Tools.ToolSpec spec = Tools.ToolSpec.builder()
                .name(name)
                .description(name)
                .parameters(Tools.Parameters.of(Map.of(CITY, city)))
                .build();
        return Tools.Tool.builder()
                .toolSpec(spec)
                .toolFunction(arguments -> {
                    Call call = new Call(name, JsonMapper.shared().writeValueAsString(arguments));
                    calls.add(call);
                    return result.apply(call);
                })
                .build();
    }

    @Override
    public String picture(String model, String said, String picture, boolean stream) throws Exception {
        OllamaChatMessage message = user(said);
        message.setImages(List.of(Base64.getDecoder().decode(picture)));
        return said(ask(stream, request(model, List.of(message))));
    }

    @Override
    public String shaped(String model, String said, boolean stream) throws Exception {
        OllamaChatRequest request = request(model, List.of(user(said)));
        request.setFormat(SCHEMA);
        return said(ask(stream, request));
    }

    /** There is no way out of a stream but an exception. */
    @Override
    public void leave(String model, String said) throws Exception {
        try {
            client().chat(request(model, List.of(user(said))), piece -> {
                throw new IllegalStateException("left");
            });
        } catch (OllamaException e) {
            if (!"left".equals(e.getMessage())) {
                throw e;
            }
        }
    }
}
