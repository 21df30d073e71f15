package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream's response says, or an event of its stream, which may carry a response. Members may come in any order
 * and be of any type: what is not as published is as good as not there. Made once, then only looked at.
 */
final class ResponseAnswer {
    /** A response's status, or the type of an event. */
    private static final Set<String> FAILED =
            Set.of("failed", "cancelled", "response.failed", "response.cancelled", "error");

    /** A stretch of text: of a message, of a refusal, or of what was thought. */
    static final class Content {
        String type = "";
        String text = "";
        final List<Json> annotations = new ArrayList<>(0);
        final List<Json> logprobs = new ArrayList<>(0);
    }

    /** An item of the output, as far as it has come. */
    static final class Item {
        String type = "";
        String id = "";
        String callId = "";
        String name = "";
        String arguments = "";
        String encrypted = "";
        String picture = "";
        String pictureFormat = "";
        final List<Content> content = new ArrayList<>(1);
        final List<Content> summary = new ArrayList<>(0);
    }

    /** Of an event; empty = it is a response, or says not what it is. */
    String type = "";
    /** The item an event is about, from 0. */
    int output;
    /** The stretch of the item's text an event is about, from 0. */
    int part;

    String delta = "";
    /** All of a text or of a call's arguments, behind its last delta. */
    String all = "";

    @Nullable
    Item item;

    @Nullable
    Content content;

    @Nullable
    Json annotation;

    @Nullable
    ResponseAnswer response;

    @Nullable
    GatewayException error;

    @Nullable
    String id;

    @Nullable
    String model;

    long created;
    String status = "";
    String cutBy = "";

    @Nullable
    List<Item> items;

    @Nullable
    Usage usage;

    @Nullable
    Json tier;

    private ResponseAnswer() {}

    /** @throws JsonException when it is not one JSON object, nothing behind it */
    static ResponseAnswer read(byte[] bytes, int from, int to) throws JsonException {
        JsonReader json = JsonReader.lenient(bytes, from, to);
        ResponseAnswer answer = new ResponseAnswer();
        answer.members(json);
        json.end();
        if (answer.type.equals("error") && answer.error == null) {
            answer.error = UpstreamError.within(JsonReader.lenient(bytes, from, to));
        }
        return answer;
    }

    /** What it failed by; null = it did not. */
    @Nullable
    GatewayException failure() {
        if (!FAILED.contains(type.isEmpty() ? status : type)) {
            return type.isEmpty() ? error : null;
        }
        ResponseAnswer inner = response;
        GatewayException said = error == null && inner != null ? inner.error : error;
        return said == null ? NoAnswer.withoutReason() : said;
    }

    private void members(JsonReader json) throws JsonException {
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (!json.skipNull()) {
                member(name, json);
            }
        }
    }

    private void member(String name, JsonReader json) throws JsonException {
        switch (name) {
            case "type" -> type = ChoiceReader.text(json);
            case "output_index" -> output = index(json);
            case "content_index", "summary_index" -> part = index(json);
            case "delta" -> delta = ChoiceReader.text(json);
            case "text", "refusal", "arguments", "input" -> all = ChoiceReader.text(json);
            case "annotation" -> annotation = json.json();
            case "error" -> error = UpstreamError.within(json);
            case "id" -> id = ChoiceReader.text(json);
            case "model" -> model = ChoiceReader.text(json);
            case "created_at" -> created = ChoiceReader.count(json);
            case "status" -> status = ChoiceReader.text(json);
            case "usage" -> usage = UsageJson.read(json);
            case "service_tier" -> tier = json.json();
            default -> parts(name, json);
        }
    }

    /** Members that have members of their own. */
    private void parts(String name, JsonReader json) throws JsonException {
        boolean object = json.peek() == '{';
        if (name.equals("output") && json.peek() == '[') {
            List<Item> all = new ArrayList<>();
            json.enterArray();
            while (json.nextElement()) {
                all.add(item(json));
            }
            items = all;
        } else if (name.equals("item") && object) {
            item = item(json);
        } else if (name.equals("part") && object) {
            content = content(json);
        } else if (name.equals("response") && object) {
            ResponseAnswer inner = new ResponseAnswer();
            inner.members(json);
            response = inner;
        } else if (name.equals("incomplete_details") && object) {
            json.enterObject();
            while (json.nextMember()) {
                if (json.name().equals("reason")) {
                    cutBy = ChoiceReader.text(json);
                } else {
                    json.skip();
                }
            }
        } else {
            json.skip();
        }
    }

    private static int index(JsonReader json) throws JsonException {
        return (int) Math.min(ChoiceReader.count(json), Integer.MAX_VALUE);
    }

    private static Item item(JsonReader json) throws JsonException {
        Item item = new Item();
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "type" -> item.type = ChoiceReader.text(json);
                case "id" -> item.id = ChoiceReader.text(json);
                case "call_id" -> item.callId = ChoiceReader.text(json);
                case "name" -> item.name = ChoiceReader.text(json);
                case "arguments", "input" -> item.arguments = CallReader.arguments(json);
                case "encrypted_content" -> item.encrypted = ChoiceReader.text(json);
                case "result" -> item.picture = ChoiceReader.text(json);
                case "output_format" -> item.pictureFormat = ChoiceReader.text(json);
                case "content" -> contents(json, item.content);
                case "summary" -> contents(json, item.summary);
                default -> json.skip();
            }
        }
        return item;
    }

    private static void contents(JsonReader json, List<Content> all) throws JsonException {
        if (json.peek() != '[') {
            json.skip();
            return;
        }
        json.enterArray();
        while (json.nextElement()) {
            all.add(content(json));
        }
    }

    private static Content content(JsonReader json) throws JsonException {
        Content content = new Content();
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "type" -> content.type = ChoiceReader.text(json);
                case "text", "refusal" -> content.text = ChoiceReader.text(json);
                case "annotations" -> ChoiceReader.all(json, content.annotations);
                case "logprobs" -> ChoiceReader.all(json, content.logprobs);
                default -> json.skip();
            }
        }
        return content;
    }
}
