package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import org.jspecify.annotations.Nullable;

/** Checks tools, the choice among them, and the form an answer must take. */
final class ToolCheck {
    private final JsonReader json;
    private final FieldCheck check;
    private final RequestFacts facts;

    ToolCheck(JsonReader json, FieldCheck check, RequestFacts facts) {
        this.json = json;
        this.check = check;
        this.facts = facts;
    }

    void tool() throws JsonException, GatewayException {
        boolean isFunction = false;
        boolean described = false;
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            switch (name) {
                case "type" -> isFunction = check.string(name).equals("function");
                case "function" -> {
                    described = true;
                    check.wants(name, '{', "an object");
                    check.into(name);
                    function();
                    check.out();
                }
                case "custom" -> custom();
                default -> json.skip();
            }
        }
        if (isFunction && !described) {
            throw check.invalid("function", "is required for a tool of type \"function\".");
        }
    }

    private void custom() throws JsonException {
        if (json.peek() != '{') {
            json.skip();
            return;
        }
        json.enterObject();
        while (json.nextMember()) {
            if (json.name().equals("name")) {
                facts.custom(ChoiceReader.text(json));
            } else {
                json.skip();
            }
        }
    }

    void function() throws JsonException, GatewayException {
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
                case "description" -> check.stringOrNull(name);
                case "parameters" -> check.objectOrNull(name);
                case "strict" -> facts.strict(!json.skipNull() && check.bool(name));
                default -> json.skip();
            }
        }
        if (!named) {
            throw check.invalid("name", "is required: a function needs a name.");
        }
    }

    void choice(String name) throws JsonException, GatewayException {
        if (json.peek() == '{') {
            check.into(name);
            tagged(null);
            check.out();
        } else {
            if (json.peek() != '"' && json.peek() != 'n') {
                throw check.wrong(name, "a string or an object");
            }
            json.skip();
        }
    }

    void responseFormat(String name) throws JsonException, GatewayException {
        if (json.skipNull()) {
            return;
        }
        check.wants(name, '{', "an object");
        check.into(name);
        facts.form(tagged("json_schema"));
        check.out();
    }

    /** An object with a {@code type}, which is returned, and perhaps a member that must be an object. */
    private String tagged(@Nullable String object) throws JsonException, GatewayException {
        String type = "";
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (name.equals("type")) {
                type = check.string(name);
            } else if (name.equals(object)) {
                check.objectOrNull(name);
            } else {
                json.skip();
            }
        }
        if (type.isEmpty()) {
            throw check.invalid("type", "is required.");
        }
        return type;
    }
}
