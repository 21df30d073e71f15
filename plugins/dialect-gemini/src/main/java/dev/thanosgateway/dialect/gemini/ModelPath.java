package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Where a model is: its resource name is {@code models/<id>}, of which the first part may be left out. */
final class ModelPath {
    private ModelPath() {}

    /** The resource name, {@code tunedModels/<id>} as well. */
    static String resource(String model) {
        return model.startsWith("models/") || model.startsWith("tunedModels/") ? model : "models/" + model;
    }

    /** @throws GatewayException MODEL_NOT_FOUND when no model can be named so */
    static String of(String model) throws GatewayException {
        StringBuilder path = new StringBuilder("/v1beta");
        for (String segment : List.of(resource(model).split("/", -1))) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new GatewayException(
                                ErrorKind.MODEL_NOT_FOUND, "\"" + model + "\" is no name a Gemini model can have.")
                        .withParameter("model");
            }
            String encoded = URLEncoder.encode(segment, StandardCharsets.UTF_8);
            path.append('/').append(encoded.replace("+", "%20"));
        }
        return path.toString();
    }
}
