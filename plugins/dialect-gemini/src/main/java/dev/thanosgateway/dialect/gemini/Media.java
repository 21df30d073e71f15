package dev.thanosgateway.dialect.gemini;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Types of media by the names that others give them. */
final class Media {
    private static final Pattern EXTENSION = Pattern.compile("\\.([A-Za-z0-9]{2,4})(?:[?#].*)?$");

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("gif", "image/gif"),
            Map.entry("heic", "image/heic"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("txt", "text/plain"),
            Map.entry("html", "text/html"),
            Map.entry("csv", "text/csv"),
            Map.entry("md", "text/markdown"),
            Map.entry("wav", "audio/wav"),
            Map.entry("mp3", "audio/mp3"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("flac", "audio/flac"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("mov", "video/mov"),
            Map.entry("webm", "video/webm"));

    private Media() {}

    /** By the address's ending; null = it has none that is known. */
    static @Nullable String typeOf(String url) {
        Matcher extension = EXTENSION.matcher(url);
        return extension.find() ? TYPES.get(extension.group(1).toLowerCase(Locale.ROOT)) : null;
    }

    /** Whether an address is that of a file only Gemini can read. */
    static boolean storedAtGoogle(String uri) {
        return uri.startsWith("https://generativelanguage.googleapis.com/")
                || uri.startsWith("gs://")
                || uri.startsWith("files/");
    }

    static String audioType(String format) {
        return format.equals("mpeg") ? "audio/mp3" : "audio/" + format;
    }

    static String audioFormat(String type) {
        return switch (type) {
            case "audio/mpeg", "audio/mp3" -> "mp3";
            case "audio/x-wav", "audio/wave" -> "wav";
            default -> type.substring(type.indexOf('/') + 1);
        };
    }
}
