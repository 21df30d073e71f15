package dev.thanosgateway.api.chat;

/** Writes a string of JSON. */
final class JsonString {
    private JsonString() {}

    /** The text as a JSON string, in quotes; half a surrogate pair is escaped, since UTF-8 has no bytes for it. */
    static String of(String text) {
        StringBuilder json = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean low = i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (Character.isHighSurrogate(c) && low) {
                        json.append(c).append(text.charAt(++i));
                    } else if (c < ' ' || Character.isSurrogate(c)) {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }
}
