package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Checks {@code messages}: roles, contents and their parts, tool calls and their results. */
final class MessageCheck {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");

    /** The kinds of part that have a member of their own name; others are not known here and pass. */
    private static final Set<String> PARTS = Set.of("text", "refusal", "image_url", "input_audio", "file");

    private final JsonReader json;
    private final FieldCheck check;
    private final RequestFacts facts;
    private boolean file;
    private boolean calls;

    MessageCheck(JsonReader json, FieldCheck check) {
        this.json = json;
        this.check = check;
        this.facts = check.facts();
    }

    void messages() throws JsonException, GatewayException {
        json.enterArray();
        int count = 0;
        while (json.nextElement()) {
            if (json.peek() != '{') {
                throw check.wrong("messages[" + count + ']', "an object");
            }
            check.into("messages", count++);
            message();
            check.out();
        }
        if (count == 0) {
            throw check.invalid("messages", "must have at least one message.");
        }
    }

    private void message() throws JsonException, GatewayException {
        String role = null;
        boolean answersCall = false;
        boolean marked = false;
        file = false;
        calls = false;
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            switch (name) {
                case "role" -> role = role(name);
                case "content" -> content(name);
                case "name", "refusal" -> check.stringOrNull(name);
                case "tool_call_id" -> {
                    if (!json.skipNull()) {
                        answersCall = true;
                        facts.answered(check.string(name));
                    }
                }
                case "tool_calls" -> check.objects(name, this::toolCall);
                case "prefix", "partial" -> {
                    marked = json.peek() == 't';
                    json.skip();
                }
                case "function_call" -> {
                    if (!json.skipNull()) {
                        calls = true;
                        check.wants(name, '{', "an object");
                        check.into(name);
                        called();
                        check.out();
                    }
                }
                default -> beside(name);
            }
        }
        if (role == null) {
            throw check.invalid("role", "is required.");
        }
        if (role.equals("tool") && !answersCall) {
            throw check.invalid("tool_call_id", "is required in a message of a tool: the id of the call it answers.");
        }
        facts.message(role, file, marked, calls);
    }

    /** A member that is passed on as it is. */
    private void beside(String name) throws JsonException {
        boolean said = json.peek() != 'n';
        int from = json.position();
        json.skip();
        if (said && RequestFacts.THOUGHTS.contains(name)) {
            facts.thoughts(name, json.latin(from, json.position()));
        }
    }

    private String role(String name) throws JsonException, GatewayException {
        String role = check.string(name);
        if (!ROLES.contains(role)) {
            throw check.invalid(name, "must be one of system, developer, user, assistant, tool and function.");
        }
        return role;
    }

    private void content(String name) throws JsonException, GatewayException {
        switch (json.peek()) {
            case '"', 'n' -> json.skip();
            case '[' -> check.objects(name, this::part);
            default -> throw check.wrong(name, "a string, an array of parts or null");
        }
    }

    /** Members may come in any order, so every member that some kind of part has is checked wherever it stands. */
    private void part() throws JsonException, GatewayException {
        String type = null;
        List<String> has = new ArrayList<>(2);
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (PARTS.contains(name) && json.skipNull()) {
                continue;
            }
            switch (name) {
                case "type" -> type = check.string(name);
                case "text", "refusal" -> {
                    check.skipString(name);
                    has.add(name);
                }
                case "image_url" -> {
                    file = true;
                    if (json.peek() == '"') {
                        facts.bareImage();
                        image();
                    } else {
                        object(name, Set.of("url"));
                    }
                    has.add(name);
                }
                case "input_audio" -> {
                    object(name, Set.of("data", "format"));
                    has.add(name);
                }
                case "file" -> {
                    file = true;
                    object(name, Set.of());
                    has.add(name);
                }
                default -> json.skip();
            }
        }
        if (type == null) {
            throw check.invalid("type", "is required.");
        }
        if (PARTS.contains(type) && !has.contains(type)) {
            throw check.invalid(type, "is required for a part of this type.");
        }
    }

    /** Reads over an image's URL. */
    private void image() throws JsonException {
        int from = json.position();
        json.skip();
        facts.image(json.latin(from, Math.min(from + RequestFacts.MEDIA_TYPE, json.position())));
    }

    private void object(String name, Set<String> required) throws JsonException, GatewayException {
        check.wants(name, '{', "an object");
        check.into(name);
        Set<String> missing = required.isEmpty() ? required : new TreeSet<>(required);
        json.enterObject();
        while (json.nextMember()) {
            String member = json.name();
            if (missing.contains(member)) {
                check.wants(member, '"', "a string");
                if (member.equals("url")) {
                    image();
                } else {
                    json.skip();
                }
                missing.remove(member);
            } else {
                json.skip();
            }
        }
        if (!missing.isEmpty()) {
            throw check.invalid(missing.iterator().next(), "is required.");
        }
        check.out();
    }

    private void toolCall() throws JsonException, GatewayException {
        boolean unsigned = !calls;
        calls = true;
        boolean identified = false;
        boolean described = false;
        String type = "function";
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            switch (name) {
                case "id" -> {
                    identified = true;
                    facts.called(check.string(name));
                }
                case "type" -> type = check.string(name);
                case "function" -> {
                    described = true;
                    check.wants(name, '{', "an object");
                    check.into(name);
                    called();
                    check.out();
                }
                case "custom" -> {
                    facts.customCall();
                    json.skip();
                }
                default -> {
                    unsigned &= !name.equals("extra_content");
                    beside(name);
                }
            }
        }
        if (unsigned) {
            facts.unsigned();
        }
        if (!identified) {
            throw check.invalid("id", "is required.");
        }
        if (type.equals("function") && !described) {
            throw check.invalid("function", "is required.");
        }
    }

    private void called() throws JsonException, GatewayException {
        boolean named = false;
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            switch (name) {
                case "name" -> {
                    String called = check.string(name);
                    named = !called.isEmpty();
                    facts.name(called);
                }
                case "arguments" -> check.stringOrNull(name);
                default -> json.skip();
            }
        }
        if (!named) {
            throw check.invalid("name", "is required: which function was called.");
        }
    }
}
