package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tools that a Responses request offers, in {@code tools}, in {@code additional_tools} items and in results of a search
 * for tools, as functions with one name each. Tools in a namespace have a name made of both. What runs at OpenAI is
 * collected by its type. For one request.
 */
final class OfferedTools {
    private static final int DIGITS = 8;
    /** That a tool waits until a search at OpenAI finds it; without one nobody could load it. */
    private static final String DEFERRED = "defer_loading";

    private static final Set<String> FUNCTION = Set.of("type", "name", "description", "parameters", "strict", DEFERRED);
    private static final Set<String> CUSTOM = Set.of("type", "name", "description", "format", DEFERRED);

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final Map<String, CallForm> forms = new HashMap<>();
    private final Map<CallForm, String> names = new HashMap<>();
    private final Map<String, List<Json>> hosted = new TreeMap<>();

    /** Reads what {@code body} offers, wherever it stands. */
    static OfferedTools of(RequestBody body) throws JsonException {
        OfferedTools offered = new OfferedTools();
        offered.add(body.member("tools"));
        Value input = body.member("input");
        if (input != null && input.isArray()) {
            for (Value item : input.elements()) {
                Map<String, Value> members = item.isObject() ? item.members() : Map.of();
                Value type = members.get("type");
                if (type != null && type.isString() && loads(type.text())) {
                    offered.add(members.get("tools"));
                }
            }
        }
        return offered;
    }

    private static boolean loads(String item) {
        return item.equals("additional_tools") || item.equals("tool_search_output");
    }

    /** The functions, in the order in which they were offered first. */
    List<Tool> tools() {
        return List.copyOf(tools.values());
    }

    /** What runs at OpenAI, by type. */
    Map<String, List<Json>> hosted() {
        return hosted;
    }

    /** How the caller knows the functions, by the functions' names; those it knows by the same name are left out. */
    Map<String, CallForm> forms() {
        Map<String, CallForm> others = new HashMap<>(forms);
        others.entrySet().removeIf(one -> one.getValue().equals(CallForm.function(null, one.getKey())));
        return Map.copyOf(others);
    }

    /** The name of the function that stands for a tool; for one that is not offered now, the name it would have. */
    String name(CallForm form) {
        String known = names.get(form);
        if (known == null && form.namespace() != null) {
            // A model may call again what it called before.
            forms.putIfAbsent(form.flat(), form);
        }
        return known == null ? form.flat() : known;
    }

    /** Finds a tool as a choice names it, where its namespace may be missing; null = it is not offered. */
    @Nullable
    String named(OutputItem.Kind kind, @Nullable String namespace, String name) {
        String exact = names.get(new CallForm(kind, namespace, name));
        if (exact != null || namespace != null) {
            return exact;
        }
        List<String> others = new ArrayList<>();
        names.forEach((form, flat) -> {
            if (form.kind() == kind && form.name().equals(name)) {
                others.add(flat);
            }
        });
        return others.size() == 1 ? others.get(0) : null;
    }

    /** The names of all functions of a namespace. */
    List<String> within(String namespace) {
        List<String> all = new ArrayList<>();
        names.forEach((form, flat) -> {
            if (namespace.equals(form.namespace())) {
                all.add(flat);
            }
        });
        return all;
    }

    /** Adds a list of tools; gives the names of the functions among them. */
    List<String> add(@Nullable Value list) throws JsonException {
        List<String> names = new ArrayList<>();
        if (list != null) {
            for (Value tool : list.elements()) {
                add(tool, null, "", names);
            }
        }
        return names;
    }

    private void add(Value value, @Nullable String namespace, String about, List<String> names) throws JsonException {
        Map<String, Value> members = value.members();
        String type = ResponsesInput.required(value, members, "type").text();
        OutputItem.Kind builtIn = BuiltInTools.kind(type, members);
        if (builtIn != null) {
            CallForm form = new CallForm(builtIn, null, type);
            names.add(put(form, BuiltInTools.function(builtIn, type, members)));
        } else if (type.equals("namespace") && namespace == null) {
            Value description = members.get("description");
            String space = name(value, members);
            for (Value inner : ResponsesInput.required(value, members, "tools").elements()) {
                add(inner, space, description == null ? "" : description.text(), names);
            }
        } else if (type.equals("function")) {
            CallForm form = CallForm.function(namespace, name(value, members));
            names.add(put(form, function(form.name(), described(members, about), members)));
        } else if (type.equals("custom")) {
            CallForm form = CallForm.custom(namespace, name(value, members));
            names.add(put(form, custom(form.name(), described(members, about), members)));
        } else {
            List<Json> all = hosted.computeIfAbsent(type, one -> new ArrayList<>());
            Json tool = value.json();
            if (!all.contains(tool)) {
                all.add(tool);
            }
        }
    }

    private String put(CallForm form, Tool tool) {
        CallForm taken = forms.get(form.flat());
        boolean free = taken == null || taken.equals(form);
        String name = free ? form.flat() : form.flat() + '_' + ModelFit.digest(form.toString(), DIGITS);
        forms.put(name, form);
        names.put(form, name);
        tools.put(name, tool.withName(name));
        return name;
    }

    private static String name(Value value, Map<String, Value> members) throws JsonException {
        String name = ResponsesInput.required(value, members, "name").text();
        if (name.isEmpty()) {
            throw new JsonException(value.path() + ".name", "must not be empty");
        }
        return name;
    }

    /** What a namespace is about, its tools say outside of it. */
    private static @Nullable String described(Map<String, Value> members, String about) throws JsonException {
        Value said = members.get("description");
        String own = said == null ? "" : said.text();
        String all = about.isEmpty() || own.isEmpty() ? about + own : about + "\n\n" + own;
        return said == null && all.isEmpty() ? null : all;
    }

    private static Tool function(String name, @Nullable String description, Map<String, Value> members)
            throws JsonException {
        Value parameters = members.get("parameters");
        if (parameters != null && !parameters.isObject()) {
            throw new JsonException(parameters.path(), "must be an object");
        }
        Value strict = members.get("strict");
        return Tool.function(name, description, parameters == null ? null : parameters.json())
                .withStrict(strict == null ? null : strict.bool())
                .withHints(beside(members, FUNCTION));
    }

    private static Tool custom(String name, @Nullable String description, Map<String, Value> members)
            throws JsonException {
        Value format = members.get("format");
        Tool.Grammar grammar = null;
        Value definition = format == null ? null : format.members().get("definition");
        if (format != null && definition != null) {
            Value syntax = format.members().get("syntax");
            grammar = new Tool.Grammar(syntax == null ? "lark" : syntax.text(), definition.text());
        }
        return Tool.custom(name, description, grammar).withHints(beside(members, CUSTOM));
    }

    private static Map<String, Json> beside(Map<String, Value> members, Set<String> own) {
        Map<String, Json> beside = new LinkedHashMap<>();
        members.forEach((member, said) -> {
            if (!own.contains(member)) {
                beside.put(member, said.json());
            }
        });
        return beside;
    }

    /** Values as one JSON array. */
    static Json array(List<Json> values) {
        JsonWriter json = new JsonWriter(256).beginArray();
        values.forEach(json::value);
        return new Json(json.endArray().toString());
    }
}
