package dev.thanosgateway.e2e;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.types.Candidate;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Tool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Google's own SDK for Java. */
final class GoogleGenAiClient implements SdkClient {
    private static final Map<String, ?> SCHEMA =
            Map.of("type", "object", "properties", Map.of(CITY, Map.of("type", "string")), "required", List.of(CITY));
    private static final Map<Integer, String> KINDS = Map.of(
            400, "BadRequestException",
            401, "UnauthorizedException",
            404, "NotFoundException",
            429, "RateLimitException",
            502, "InternalServerException");

    private final Client client;

    /** What came, a stream's pieces one by one. */
    private record Answer(List<GenerateContentResponse> pieces) {
        List<Part> parts() {
            return pieces.stream()
                    .flatMap(piece -> piece.candidates().orElse(List.of()).stream())
                    .flatMap(candidate -> candidate.content().stream())
                    .flatMap(content -> content.parts().orElse(List.of()).stream())
                    .toList();
        }

        String text() {
            return parts().stream().flatMap(part -> part.text().stream()).collect(Collectors.joining());
        }

        GenerateContentResponse last() {
            return pieces.get(pieces.size() - 1);
        }
    }

    GoogleGenAiClient(String gateway, String key) {
        HttpOptions options = HttpOptions.builder()
                .baseUrl(gateway)
                .timeout(20_000)
                .retryOptions(HttpRetryOptions.builder().attempts(1))
                .build();
        client = Client.builder().apiKey(key).httpOptions(options).build();
    }

    @Override
    public String name() {
        return "google-genai";
    }

    @Override
    public String stop() {
        return "STOP";
    }

    private Answer ask(String model, boolean stream, List<Content> contents, GenerateContentConfig config) {
        if (!stream) {
            return new Answer(List.of(client.models.generateContent(model, contents, config)));
        }
        List<GenerateContentResponse> pieces = new ArrayList<>();
        try (ResponseStream<GenerateContentResponse> all =
                client.models.generateContentStream(model, contents, config)) {
            all.forEach(pieces::add);
        }
        return new Answer(pieces);
    }

    private static Content content(String role, List<Part> parts) {
        return Content.builder().role(role).parts(parts).build();
    }

    private static List<Content> user(Part... parts) {
        return List.of(content("user", List.of(parts)));
    }

    private static GenerateContentConfig.Builder config() {
        return GenerateContentConfig.builder();
    }

    @Override
    public Said text(String model, String said, boolean stream) throws IOException {
        Content system = Content.fromParts(Part.fromText("Be brief."));
        Answer answer = ask(
                model,
                stream,
                user(Part.fromText(said)),
                config().systemInstruction(system).build());
        Candidate end = answer.last().candidates().orElse(List.of()).stream()
                .filter(candidate -> candidate.finishReason().isPresent())
                .findFirst()
                .orElseThrow(() -> new IOException(model + " did not come to an end."));
        GenerateContentResponseUsageMetadata usage =
                answer.last().usageMetadata().orElseThrow();
        long output = usage.candidatesTokenCount().orElse(0)
                + usage.thoughtsTokenCount().orElse(0);
        return new Said(
                answer.text(),
                end.finishReason().orElseThrow().toString(),
                usage.promptTokenCount().orElse(0),
                output);
    }

    @Override
    public Called tools(String model, String said, List<String> tools, Function<Call, String> result, boolean stream) {
        List<FunctionDeclaration> declarations = tools.stream()
                .map(tool -> FunctionDeclaration.builder()
                        .name(tool)
                        .parametersJsonSchema(SCHEMA)
                        .build())
                .toList();
        GenerateContentConfig config = config().tools(
                        Tool.builder().functionDeclarations(declarations).build())
                .build();
        List<Part> calling = ask(model, stream, user(Part.fromText(said)), config).parts().stream()
                .filter(part -> part.functionCall().isPresent())
                .toList();
        List<Call> calls = new ArrayList<>();
        List<Part> results = new ArrayList<>();
        for (Part part : calling) {
            FunctionCall one = part.functionCall().orElseThrow();
            String arguments = JsonMapper.shared().writeValueAsString(one.args().orElseThrow());
            Call call = new Call(one.name().orElseThrow(), arguments);
            calls.add(call);
            FunctionResponse.Builder response =
                    FunctionResponse.builder().name(call.tool()).response(Map.of("output", result.apply(call)));
            one.id().ifPresent(response::id);
            results.add(Part.builder().functionResponse(response.build()).build());
        }
        Collections.reverse(results);
        List<Content> contents = new ArrayList<>(user(Part.fromText(said)));
        contents.add(content("model", calling));
        contents.add(content("user", results));
        return new Called(calls, ask(model, stream, contents, config).text());
    }

    @Override
    public String picture(String model, String said, String picture, boolean stream) {
        Part image = Part.fromBytes(Base64.getDecoder().decode(picture), "image/png");
        return ask(model, stream, user(Part.fromText(said), image), config().build())
                .text();
    }

    @Override
    public String shaped(String model, String said, boolean stream) {
        GenerateContentConfig config = config().responseMimeType("application/json")
                .responseJsonSchema(SCHEMA)
                .build();
        return ask(model, stream, user(Part.fromText(said)), config).text();
    }

    @Override
    public void leave(String model, String said) {
        try (ResponseStream<GenerateContentResponse> all =
                client.models.generateContentStream(model, user(Part.fromText(said)), config().build())) {
            all.iterator().next();
        }
    }

    @Override
    public String kind(Throwable failure) {
        return failure instanceof ApiException e ? KINDS.getOrDefault(e.code(), e.message()) : String.valueOf(failure);
    }
}
