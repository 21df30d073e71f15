package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a relayed request asks for thought where its model refuses the words of the client, which are made for another
 * model: Claude Code sends adaptive thinking and an effort to every name that it does not know.
 *
 * @param thinking the value of the member; null = it is left out
 * @param output the value of {@code output_config}; null = it is left out
 * @param dropped whether thought was asked for that the model does not have
 */
record RelayThinking(@Nullable Json thinking, @Nullable Json output, boolean dropped) {
    static final String THINKING = "thinking";
    static final String OUTPUT = "output_config";
    private static final String EFFORT = "effort";

    /** Null = the model takes the request as it is, which is decided without reading the conversation. */
    static @Nullable RelayThinking of(Value root, ModelTraits traits) throws JsonException {
        Map<String, Value> members = root.members();
        Value thinking = members.get(THINKING);
        Value output = members.get(OUTPUT);
        String type = thinking == null || !thinking.isObject() ? "" : Members.text(thinking.members(), "type");
        String effort = output == null || !output.isObject() ? "" : Members.text(output.members(), EFFORT);
        if ((thinking == null && effort.isEmpty()) || taken(type, effort, traits)) {
            return null;
        }
        if (lacking(traits)) {
            boolean asked = !type.equals("disabled") && !(thinking == null && effort.equals("none"));
            return new RelayThinking(null, output(output, null), asked);
        }
        ChatContent content = new ContentReader().read(root);
        ToolChoice choice = content.toolChoice();
        boolean forced = choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named;
        ThinkingPlan plan = ThinkingPlan.of(content, traits, forced);
        Json written = thinking == null || plan.type() == null ? null : thinking(thinking, plan);
        String kept = beside(effort, traits) ? ModelFit.effort(effort, traits) : plan.effort();
        return new RelayThinking(
                written,
                output(output, kept),
                plan.dropped() || (!effort.isEmpty() && kept == null && written == null));
    }

    /** Whether the model takes an effort beside a budget, or nobody says that it does not. */
    private static boolean beside(String effort, ModelTraits traits) {
        return !effort.isEmpty() && (traits.is(Trait.THINKING, "both") || traits.list(Trait.EFFORT) == null);
    }

    /** Whether the model is known not to think. */
    private static boolean lacking(ModelTraits traits) {
        List<String> efforts = traits.list(Trait.EFFORT);
        return traits.is(Trait.THINKING, "none") || (efforts != null && efforts.isEmpty());
    }

    private static boolean taken(String type, String effort, ModelTraits traits) {
        String known = traits.word(Trait.THINKING);
        return switch (lacking(traits) ? "none" : known == null ? "" : known) {
            case "none" -> false;
            case "budget" -> !type.equals("adaptive") && (effort.isEmpty() || traits.list(Trait.EFFORT) == null);
            case "both" -> !type.equals("adaptive") && (effort.isEmpty() || traits.takes(Trait.EFFORT, effort));
            case "effort" ->
                !type.equals("enabled")
                        && (effort.isEmpty() || traits.takes(Trait.EFFORT, effort))
                        && (!type.equals("disabled") || traits.flag(Trait.THINKING_OFF, true));
            default -> true;
        };
    }

    private static Json thinking(Value asked, ThinkingPlan plan) throws JsonException {
        JsonOut out = new JsonOut().beginObject().member("type", plan.type());
        out.member("budget_tokens", plan.budget() == 0 ? null : plan.budget());
        asked.walk((name, value) -> {
            if (!name.equals("type") && !name.equals("budget_tokens")) {
                out.name(name).value(value.json());
            }
        });
        return new Json(out.endObject().toString());
    }

    private static @Nullable Json output(@Nullable Value asked, @Nullable String effort) throws JsonException {
        JsonOut out = new JsonOut().beginObject().member(EFFORT, effort);
        if (asked != null) {
            asked.walk((name, value) -> {
                if (!name.equals(EFFORT)) {
                    out.name(name).value(value.json());
                }
            });
        }
        String written = out.endObject().toString();
        return written.equals("{}") ? null : new Json(written);
    }
}
