package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.List;
import java.util.Map;

/** Images as this language has them: bytes in base64, of which only the bytes say what they are. */
final class Images {
    private Images() {}

    static void read(Value images, List<Part> parts) throws JsonException {
        for (Value image : images.elements()) {
            String base64 = image.text().replaceAll("[\\r\\n]", "");
            if (!isBase64(base64)) {
                throw new JsonException(
                        image.path(), "must be the image's bytes in base64, without a \"data:\" prefix or an address");
            }
            parts.add(new Part.Image(new Part.Source.Data(mediaType(base64), base64), null, Map.of()));
        }
    }

    private static boolean isBase64(String text) {
        int end = text.length();
        if (end == 0 || end % 4 != 0) {
            return false;
        }
        int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
        for (int i = 0; i < end - padding; i++) {
            char c = text.charAt(i);
            boolean digit =
                    (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
            if (!digit) {
                return false;
            }
        }
        return true;
    }

    /** By the first bytes, as every format has its own; what is none of them is most likely a photograph. */
    static String mediaType(String base64) {
        if (base64.startsWith("iVBORw0KGgo")) {
            return "image/png";
        }
        if (base64.startsWith("R0lGOD")) {
            return "image/gif";
        }
        return base64.startsWith("UklGR") ? "image/webp" : "image/jpeg";
    }
}
