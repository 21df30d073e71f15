package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.tck.DialectTck;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class GeminiDialectTckTest extends DialectTck {
    @Override
    protected Dialect dialect() {
        return new GeminiDialect();
    }

    @Override
    protected Map<String, String> requests() {
        String said = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
        String text = "{\"content\":{\"parts\":[{\"text\":\"hi\"}]}}";
        Map<String, String> requests = new HashMap<>();
        for (String models : List.of("/v1beta/models/", "/v1/models/", "/v1beta/", "/v1/")) {
            requests.put(models + "{model*}:generateContent", said);
            requests.put(models + "{model*}:streamGenerateContent", said);
            requests.put(models + "{model*}:countTokens", said);
            requests.put(models + "{model*}:embedContent", text);
            requests.put(models + "{model*}:batchEmbedContents", "{\"requests\":[" + text + "]}");
        }
        return requests;
    }
}
