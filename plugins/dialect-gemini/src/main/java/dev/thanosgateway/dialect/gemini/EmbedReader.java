package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes one request for embeddings of {@code EmbedContentRequest}s, each of one text. For one request. */
final class EmbedReader {
    private static final Set<String> ONCE = Set.of("taskType", "title", "outputDimensionality", "autoTruncate");

    private final String model;
    private final List<EmbeddingInput> inputs = new ArrayList<>();
    private final Set<String> hints = new TreeSet<>();
    private Map<String, Field> first = Map.of();

    private EmbedReader(String model) {
        this.model = model;
    }

    /** @throws GatewayException INVALID_REQUEST naming the field; UNSUPPORTED where only Gemini itself could do it */
    static EmbeddingsRequest.Builder read(Operation operation, String model, Field root) throws GatewayException {
        EmbedReader reader = new EmbedReader(model);
        if (operation == Operation.EMBED) {
            reader.add(root);
        } else {
            Map<String, Field> members = root.members();
            Field requests = members.remove("requests");
            if (requests == null || requests.node().isEmpty()) {
                throw root.missing("requests").invalid("is required: send at least one request");
            }
            for (Field one : requests.elements()) {
                reader.add(one);
            }
            reader.hint(members.keySet());
        }
        return reader.request();
    }

    private void hint(Set<String> names) {
        names.stream().filter(name -> !RequestScan.elsewhere(name)).forEach(hints::add);
    }

    private void add(Field request) throws GatewayException {
        Map<String, Field> members = request.members();
        Field content = members.remove("content");
        if (content == null) {
            throw request.missing("content").invalid("is required: send one with \"parts\"");
        }
        Field named = members.remove("model");
        if (named != null && !ModelPath.resource(named.text()).equals(ModelPath.resource(model))) {
            throw named.invalid("must be the model of the path, \"" + ModelPath.resource(model) + "\"");
        }
        Field config = members.remove("embedContentConfig");
        if (config != null) {
            members.putAll(config.members());
        }
        Map<String, Field> said = new LinkedHashMap<>(members);
        said.keySet().retainAll(ONCE);
        members.keySet().removeAll(ONCE);
        hint(members.keySet());
        if (inputs.isEmpty()) {
            first = said;
        } else {
            same(request, said);
        }
        inputs.add(input(content));
    }

    /** One request for all of them can say a thing once: hints that differ are left out, unless it is relayed. */
    private void same(Field request, Map<String, Field> said) throws GatewayException {
        for (String name : ONCE) {
            if (Objects.equals(node(said.get(name)), node(first.get(name)))) {
                continue;
            }
            if (name.equals("outputDimensionality")) {
                throw request.missing(name).invalid("must be the same in all requests of a batch");
            }
            first.remove(name);
            hints.add(name);
        }
    }

    private static @Nullable JsonNode node(@Nullable Field field) {
        return field == null ? null : field.node();
    }

    private static EmbeddingInput input(Field content) throws GatewayException {
        Field parts = content.members().get("parts");
        if (parts == null || parts.node().isEmpty()) {
            throw content.missing("parts").invalid("is required: send one with \"text\"");
        }
        StringBuilder text = new StringBuilder();
        for (Field part : parts.elements()) {
            Map<String, Field> members = part.members();
            Field said = members.get("text");
            if (said == null) {
                return new EmbeddingInput.Other(
                        members.values().stream().findFirst().map(Field::path).orElse(part.path()));
            }
            text.append(said.text());
        }
        return new EmbeddingInput.Text(text.toString());
    }

    private EmbeddingsRequest.Builder request() throws GatewayException {
        Field dimensions = first.get("outputDimensionality");
        int wanted = dimensions == null ? 0 : dimensions.small();
        if (dimensions != null && wanted < 0) {
            throw dimensions.invalid("must not be negative");
        }
        Field truncate = first.get("autoTruncate");
        return EmbeddingsRequest.builder(model)
                .inputs(inputs)
                .dimensions(wanted)
                .task(text(first.get("taskType")))
                .title(text(first.get("title")))
                .truncate(truncate == null ? null : Boolean.valueOf(truncate.bool()))
                .hints(List.copyOf(hints));
    }

    private static @Nullable String text(@Nullable Field field) throws GatewayException {
        return field == null ? null : field.text();
    }
}
