package dev.thanosgateway.provider.echo;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Makes one value that a JSON Schema allows, the same each time: an object's required properties, an array's fewest
 * items (one unless it says otherwise), the first of an enum or of alternatives, {@code true}, an allowed
 * number near 1 (near 1.5 where it need not be whole), and the message's text for a string. {@code pattern}, {@code not},
 * {@code if} and {@code uniqueItems} are not looked at.
 */
final class SchemaSample {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_VALUES = 10_000;
    private static final long MAX_CHARS = 16L << 20;

    private static final Map<String, String> FORMATS = Map.of(
            "date", "2026-01-01",
            "time", "12:00:00Z",
            "date-time", "2026-01-01T12:00:00Z",
            "duration", "PT1S",
            "email", "echo@example.com",
            "uri", "https://example.com/",
            "uuid", "00000000-0000-4000-8000-000000000000",
            "hostname", "example.com",
            "ipv4", "127.0.0.1",
            "ipv6", "::1");

    private final Object root;
    private final String text;
    private int values;
    private long chars;

    private SchemaSample(Object root, String text) {
        this.root = root;
        this.text = text;
    }

    /**
     * @param text what strings are filled with
     * @return a JSON value as text
     * @throws GatewayException INVALID_REQUEST when the schema cannot be followed, TOO_LARGE when its value is
     */
    static String of(Json schema, String text) throws GatewayException {
        Object root;
        try {
            root = JsonTree.read(schema.text());
        } catch (JacksonException e) {
            throw new GatewayException(ErrorKind.INVALID_REQUEST, "A schema is not valid JSON.");
        }
        return JsonTree.write(new SchemaSample(root, text).value(root, 0));
    }

    private Object value(Object schema, int depth) throws GatewayException {
        if (++values > MAX_VALUES) {
            throw new GatewayException(
                    ErrorKind.TOO_LARGE, "A schema asks for more than " + MAX_VALUES + " values; ask for fewer.");
        }
        if (depth > MAX_DEPTH) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST,
                    "A schema requires values nested deeper than " + MAX_DEPTH + "; it may require itself.");
        }
        if (!(schema instanceof Map<?, ?> fields)) {
            return string(Map.of());
        }
        Object fixed = fields.get("const");
        if (fixed != null) {
            return fixed;
        }
        if (fields.get("enum") instanceof List<?> allowed && !allowed.isEmpty()) {
            return allowed.get(0);
        }
        if (fields.get("$ref") instanceof String ref) {
            return value(resolve(ref), depth + 1);
        }
        if (fields.get("allOf") instanceof List<?> all && !all.isEmpty()) {
            return value(merged(fields, all), depth + 1);
        }
        Object alternative = first(fields.get("anyOf"));
        if (alternative == null) {
            alternative = first(fields.get("oneOf"));
        }
        return alternative != null ? value(alternative, depth + 1) : typed(fields, depth);
    }

    private Object typed(Map<?, ?> fields, int depth) throws GatewayException {
        return switch (type(fields)) {
            case "object" -> object(fields, depth);
            case "array" -> array(fields, depth);
            case "integer" -> number(fields, true);
            case "number" -> number(fields, false);
            case "boolean" -> true;
            case "null" -> JsonTree.NULL;
            default -> string(fields);
        };
    }

    private static String type(Map<?, ?> fields) {
        Object type = fields.get("type");
        if (type instanceof List<?> several) {
            List<?> named = several.stream().filter(t -> !"null".equals(t)).toList();
            type = named.isEmpty() ? "null" : named.get(0);
        }
        if (type instanceof String said) {
            return said;
        }
        if (fields.containsKey("properties") || fields.containsKey("required")) {
            return "object";
        }
        if (fields.containsKey("items") || fields.containsKey("prefixItems")) {
            return "array";
        }
        return fields.containsKey("minimum") || fields.containsKey("maximum") ? "number" : "string";
    }

    private Object object(Map<?, ?> fields, int depth) throws GatewayException {
        Map<String, Object> sample = new LinkedHashMap<>();
        Map<?, ?> properties = fields.get("properties") instanceof Map<?, ?> map ? map : Map.of();
        if (fields.get("required") instanceof List<?> required) {
            for (Object name : required) {
                if (name instanceof String property && !sample.containsKey(property)) {
                    Object schema = properties.get(property);
                    sample.put(property, value(schema == null ? Map.of() : schema, depth + 1));
                }
            }
        }
        return sample;
    }

    private Object array(Map<?, ?> fields, int depth) throws GatewayException {
        List<?> prefix = fields.get("prefixItems") instanceof List<?> list ? list : List.of();
        double least = Math.max(prefix.size(), fields.get("minItems") instanceof JsonTree.Num n ? n.value() : 1);
        double most = fields.get("maxItems") instanceof JsonTree.Num n ? n.value() : least;
        Object items = fields.get("items");
        List<Object> sample = new ArrayList<>();
        for (int i = 0; i < Math.min(least, most); i++) {
            Object schema = i < prefix.size() ? prefix.get(i) : items;
            sample.add(value(schema == null ? Map.of() : schema, depth + 1));
        }
        return sample;
    }

    private static Object number(Map<?, ?> fields, boolean whole) {
        double least = bound(fields, "minimum", Double.NEGATIVE_INFINITY);
        double over = bound(fields, "exclusiveMinimum", Double.NEGATIVE_INFINITY);
        double most = bound(fields, "maximum", Double.POSITIVE_INFINITY);
        double under = bound(fields, "exclusiveMaximum", Double.POSITIVE_INFINITY);
        double sample = whole
                ? Math.max(
                        Math.min(1, Math.min(Math.floor(most), Math.ceil(under) - 1)),
                        Math.max(Math.ceil(least), Math.floor(over) + 1))
                : between(least, over, most, under);
        double step = bound(fields, "multipleOf", 0);
        if (step > 0) {
            double up = Math.ceil(sample / step) * step;
            sample = up <= most && up < under ? up : Math.floor(sample / step) * step;
        }
        if (sample == Math.rint(sample) && Math.abs(sample) < 1e18) {
            return new JsonTree.Num(Long.toString((long) sample));
        }
        return new JsonTree.Num(
                new BigDecimal(sample).round(new MathContext(15)).toString());
    }

    private static double between(double least, double over, double most, double under) {
        double usual = 1.5;
        if (usual >= least && usual > over && usual <= most && usual < under) {
            return usual;
        }
        double low = Math.max(least, over);
        double high = Math.min(most, under);
        if (Double.isInfinite(low)) {
            return high - 1;
        }
        return Double.isInfinite(high) ? low + 1 : (low + high) / 2;
    }

    private static double bound(Map<?, ?> fields, String name, double none) {
        return fields.get(name) instanceof JsonTree.Num n && Double.isFinite(n.value()) ? n.value() : none;
    }

    private Object string(Map<?, ?> fields) throws GatewayException {
        String format = fields.get("format") instanceof String f ? FORMATS.get(f) : null;
        String sample = format != null ? format : text;
        int length = sample.codePointCount(0, sample.length());
        if (fields.get("maxLength") instanceof JsonTree.Num n && n.value() < length) {
            sample = sample.substring(0, sample.offsetByCodePoints(0, (int) Math.max(0, n.value())));
        } else if (fields.get("minLength") instanceof JsonTree.Num n && n.value() > length) {
            sample = sample + ".".repeat((int) Math.min(n.value() - length, MAX_CHARS));
        }
        chars += sample.length();
        if (chars > MAX_CHARS) {
            throw new GatewayException(
                    ErrorKind.TOO_LARGE, "A schema asks for more than " + MAX_CHARS + " characters; ask for fewer.");
        }
        return sample;
    }

    /** The first alternative that is more than null; null = there is none. */
    private static @Nullable Object first(@Nullable Object alternatives) {
        if (!(alternatives instanceof List<?> list) || list.isEmpty()) {
            return null;
        }
        for (Object alternative : list) {
            if (!(alternative instanceof Map<?, ?> fields) || !"null".equals(fields.get("type"))) {
                return alternative;
            }
        }
        return list.get(0);
    }

    /** One schema of all: later keys win, properties and required names add up. */
    private Object merged(Map<?, ?> fields, List<?> all) throws GatewayException {
        Map<Object, Object> one = new LinkedHashMap<>();
        Map<Object, Object> properties = new LinkedHashMap<>();
        List<Object> required = new ArrayList<>();
        List<Object> every = new ArrayList<>();
        every.add(fields);
        every.addAll(all);
        for (Object each : every) {
            Object schema = each instanceof Map<?, ?> m && m.get("$ref") instanceof String ref ? resolve(ref) : each;
            if (schema instanceof Map<?, ?> map) {
                one.putAll(map);
                if (map.get("properties") instanceof Map<?, ?> more) {
                    properties.putAll(more);
                }
                if (map.get("required") instanceof List<?> more) {
                    required.addAll(more);
                }
            }
        }
        one.remove("allOf");
        if (!properties.isEmpty() || !required.isEmpty()) {
            one.put("properties", properties);
            one.put("required", required);
        }
        return one;
    }

    private Object resolve(String ref) throws GatewayException {
        Object found = ref.equals("#") || ref.startsWith("#/") ? root : null;
        for (String step : ref.length() > 2 ? ref.substring(2).split("/", -1) : new String[0]) {
            String name = step.replace("~1", "/").replace("~0", "~");
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        if (found == null) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST, "A schema refers to \"" + ref + "\", which it does not contain.");
        }
        return found;
    }
}
