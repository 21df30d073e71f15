package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A value of a caller's request and where it stands. Read as protocol buffers' JSON is: names in camel or snake case,
 * null as if absent, 64-bit numbers also as strings, one value where a list of one is meant.
 *
 * @param path as the caller would say it, such as {@code contents[0].parts[1].text}
 */
record Field(String path, JsonNode node) {
    /** The whole of a request's bytes, which {@link RequestScan} has found good. */
    static Field root(byte[] bytes) {
        return new Field("", Trees.read(bytes, RequestScan.start(bytes), bytes.length));
    }

    /** The members that have a value, by their names in camel case. */
    Map<String, Field> members() throws GatewayException {
        if (!node.isObject()) {
            throw invalid("must be an object");
        }
        Map<String, Field> members = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!member.getValue().isNull()) {
                members.put(camel(member.getKey()), below(member.getKey(), member.getValue()));
            }
        }
        return members;
    }

    /** A member that is not there and should be. */
    Field missing(String name) {
        return below(name, MissingNode.getInstance());
    }

    private Field below(String name, JsonNode value) {
        return new Field(path.isEmpty() ? name : path + '.' + name, value);
    }

    static String camel(String name) {
        if (name.indexOf('_', 1) < 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_' && i > 0 && i + 1 < name.length()) {
                camel.append(Character.toUpperCase(name.charAt(++i)));
            } else {
                camel.append(c);
            }
        }
        return camel.toString();
    }

    List<Field> elements() throws GatewayException {
        if (node.isObject()) {
            return List.of(this);
        }
        if (!node.isArray()) {
            throw invalid("must be an array");
        }
        List<Field> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(new Field(path + '[' + elements.size() + ']', element));
        }
        return elements;
    }

    List<String> texts() throws GatewayException {
        List<String> texts = new ArrayList<>();
        for (Field element : elements()) {
            texts.add(element.text());
        }
        return texts;
    }

    String text() throws GatewayException {
        if (!node.isString()) {
            throw invalid("must be a string");
        }
        return node.stringValue();
    }

    double number() throws GatewayException {
        if (!node.isNumber()) {
            throw invalid("must be a number");
        }
        return node.decimalValue().doubleValue();
    }

    long integer() throws GatewayException {
        try {
            if (node.isNumber()) {
                return node.decimalValue().longValueExact();
            }
            if (node.isString()) {
                return Long.parseLong(node.stringValue());
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw invalid("must be a whole number");
        }
        throw invalid("must be a whole number");
    }

    int small() throws GatewayException {
        long value = integer();
        if (value != (int) value) {
            throw invalid("is out of range");
        }
        return (int) value;
    }

    boolean bool() throws GatewayException {
        if (!node.isBoolean()) {
            throw invalid("must be true or false");
        }
        return node.booleanValue();
    }

    Json json() {
        return Trees.json(node);
    }

    /** @param what the rest of the sentence behind the field's name */
    GatewayException invalid(String what) {
        return new GatewayException(ErrorKind.INVALID_REQUEST, "\"" + path + "\" " + what + ".").withParameter(path);
    }

    /** A request that needs what only this language's own vendor has. */
    GatewayException unsupported() {
        return new GatewayException(
                        ErrorKind.UNSUPPORTED,
                        "\"" + path + "\" is something only Gemini itself can do. Leave it out, or name a model that "
                                + "a Gemini provider serves.")
                .withParameter(path);
    }
}
