package dev.thanosgateway.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Good bodies of chat requests made bad: wrong values in right places, and bytes that are no JSON any more. */
final class JsonMutations {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Values that mean nothing at most places, as text: not all of them are JSON. */
    private static final String[] VALUES = {
        "null",
        "true",
        "0",
        "-1",
        "1e999999999",
        "-0.0",
        "1e-400",
        "123456789012345678901234567890",
        "NaN",
        "-Infinity",
        "01",
        "+1",
        ".5",
        "0x10",
        "\"\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u0000\"",
        "\"\\x41\"",
        "\"\t\"",
        "'single'",
        "\"data: [DONE]\\n\\n\"",
        "\"\\r\\nx-injected: 1\\r\\n\\r\\n\"",
        "{}",
        "[]",
        "[[[[[[]]]]]]",
        "[null]",
        "[{}]",
        "{\"a\":{\"a\":{\"a\":1}}}",
        "{\"role\":\"user\"}",
        "{\"type\":\"function\"}",
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:;base64,!\"}}",
        "undefined",
        "/* comment */ 1",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
    };

    private static final byte[][] BYTES = {
        {0},
        {(byte) 0xC0, (byte) 0xAF},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0x80},
        {(byte) 0xE4},
        {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xFF, (byte) 0xFE},
        {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
        {'"'},
        {'{'},
        {'}'},
        {'['},
        {']'},
        {','},
        {':'},
        {'\\'},
        {'\n'},
        {'\\', 'u', 'd', '8', '3', 'd'}
    };

    /** Everything of a chat request that has a meaning here, once. */
    private static final String GOOD = """
            {"model":"MODEL","messages":[
              {"role":"system","content":"be short"},
              {"role":"user","content":[{"type":"text","text":"hé 👋 \\u00e9"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}}]},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"call_1","type":"function","function":{"name":"look","arguments":"{\\"a\\":1}"}}]},
              {"role":"tool","tool_call_id":"call_1","content":"seen"},
              {"role":"user","content":"and now?","name":"me"}],
             "tools":[{"type":"function","function":{"name":"look","description":"d","strict":true,
                "parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}}],
             "tool_choice":"auto","parallel_tool_calls":true,"temperature":0.7,"top_p":1,"n":1,"stream":false,
             "stream_options":{"include_usage":true},"stop":["x","y"],"max_tokens":64,"presence_penalty":0.1,
             "frequency_penalty":-0.1,"logit_bias":{"50256":-100},"user":"u","seed":7,"logprobs":true,"top_logprobs":2,
             "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}},
             "reasoning_effort":"low","metadata":{"k":"v"},"fallbacks":["echo/echo"],"x_unknown":[1,2.50,{"deep":[]}]}
            """;

    private final Random chance;

    private JsonMutations(Random chance) {
        this.chance = chance;
    }

    /** A body for {@code model} that is wrong somewhere, or just might not be. */
    static byte[] next(Random chance, String model) {
        JsonMutations mutations = new JsonMutations(chance);
        ObjectNode good = (ObjectNode) JSON.readTree(GOOD.replace("MODEL", model));
        good.put("stream", chance.nextBoolean());
        if (chance.nextBoolean()) {
            good.retain("model", "messages", "stream", chance.nextBoolean() ? "tools" : "temperature");
        }
        byte[] body = bytes(good.toString());
        for (int i = 1 + chance.nextInt(2); i > 0; i--) {
            body = mutations.changed(body);
        }
        return body;
    }

    private byte[] changed(byte[] in) {
        if (in.length < 2) {
            return in;
        }
        int at = chance.nextInt(in.length);
        int end = Math.min(in.length, at + 1 + chance.nextInt(30));
        return switch (chance.nextInt(14)) {
            case 0, 1, 2, 3, 4 -> otherValue(in);
            case 5 -> in[at] == 0 ? in : flipped(in, at);
            case 6 -> Arrays.copyOf(in, at);
            case 7 -> HttpMutations.joined(Arrays.copyOf(in, at), Arrays.copyOfRange(in, end, in.length));
            case 8 -> HttpMutations.joined(Arrays.copyOf(in, end), Arrays.copyOfRange(in, at, in.length));
            case 9, 10 ->
                HttpMutations.joined(
                        Arrays.copyOf(in, at),
                        BYTES[chance.nextInt(BYTES.length)],
                        Arrays.copyOfRange(in, at, in.length));
            case 11 -> deep(in);
            case 12 -> bomb(in);
            default -> twice(in);
        };
    }

    private byte[] flipped(byte[] in, int at) {
        byte[] out = in.clone();
        out[at] ^= (byte) (1 << chance.nextInt(8));
        return out;
    }

    /** One value, anywhere in the tree, becomes another; the text is cut by hand since the new one may be no JSON. */
    private byte[] otherValue(byte[] in) {
        String mark = "\"mark-" + Long.toHexString(chance.nextLong()) + '"';
        JsonNode tree;
        try {
            tree = JSON.readTree(in);
        } catch (RuntimeException e) {
            return flipped(in, chance.nextInt(in.length));
        }
        JsonNode parent = tree;
        while (true) {
            if (parent.isEmpty()) {
                return in;
            }
            List<JsonNode> children = List.copyOf(parent.values());
            int which = chance.nextInt(children.size());
            JsonNode child = children.get(which);
            if (child.isContainer() && !child.isEmpty() && chance.nextInt(4) != 0) {
                parent = child;
                continue;
            }
            if (parent instanceof ObjectNode object) {
                object.put(List.copyOf(object.propertyNames()).get(which), mark.substring(1, mark.length() - 1));
            } else {
                ((tools.jackson.databind.node.ArrayNode) parent).set(which, mark.substring(1, mark.length() - 1));
            }
            return bytes(tree.toString().replace(mark, VALUES[chance.nextInt(VALUES.length)]));
        }
    }

    private byte[] deep(byte[] in) {
        String open = chance.nextBoolean() ? "[" : "{\"a\":";
        return HttpMutations.joined(
                Arrays.copyOf(in, in.length - 1), bytes(",\"deep\":" + open.repeat(1 << chance.nextInt(17))));
    }

    private byte[] bomb(byte[] in) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(in, 0, in.length - 1);
        out.writeBytes(bytes(",\"bomb\":"));
        switch (chance.nextInt(3)) {
            case 0 -> out.writeBytes(bytes("9".repeat(1 << chance.nextInt(17))));
            case 1 -> out.writeBytes(bytes("\"" + "\\ud83d\\ude00".repeat(1 << chance.nextInt(13)) + "\""));
            default -> {
                out.write('{');
                int keys = 1 << chance.nextInt(13);
                for (int i = 0; i < keys; i++) {
                    out.writeBytes(bytes((i == 0 ? "" : ",") + "\"k" + i + "\":" + i));
                }
                out.write('}');
            }
        }
        out.write('}');
        return out.toByteArray();
    }

    /** Something behind the end, or a member that is there already. */
    private byte[] twice(byte[] in) {
        return chance.nextBoolean()
                ? HttpMutations.joined(in, bytes(chance.nextBoolean() ? "x" : "{}"))
                : HttpMutations.joined(
                        Arrays.copyOf(in, in.length - 1), bytes(",\"model\":\"echo/echo\",\"messages\":[]}"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
