package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.answer.CustomInput;
import dev.thanosgateway.wire.answer.KeptText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One item of a response's output, as far as it has come. Used by one thread at a time. */
final class OutputItem {
    /** The kinds of items, with what the ids of each begin with. */
    enum Kind {
        MESSAGE("message", "msg_"),
        REASONING("reasoning", "rs_"),
        CALL("function_call", "fc_"),
        CUSTOM("custom_tool_call", "ctc_"),
        LOCAL_SHELL("local_shell_call", "lsh_"),
        SHELL("shell_call", "sh_"),
        PATCH("apply_patch_call", "apc_"),
        SEARCH("tool_search_call", "tsc_"),
        IMAGE("image_generation_call", "ig_");

        final String type;
        final String prefix;

        Kind(String type, String prefix) {
            this.type = type;
            this.prefix = prefix;
        }

        /** Whether it is the call of a tool. */
        boolean isCall() {
            return this != MESSAGE && this != REASONING && this != IMAGE;
        }

        /** Whether its deltas are streamed. Other items appear when they are complete. */
        boolean grows() {
            return this == CALL || this == CUSTOM || !isCall();
        }
    }

    /** A stretch of text: of a message, of a refusal, or of what was thought. */
    static final class Stretch {
        final int index;
        final boolean refusal;
        final KeptText text = new KeptText();
        final List<Json> annotations = new ArrayList<>(0);
        final List<Json> logprobs = new ArrayList<>(0);

        Stretch(int index, boolean refusal) {
            this.index = index;
            this.refusal = refusal;
        }

        /** This as the content of a message. */
        void write(JsonWriter json) {
            json.beginObject().name("type");
            if (refusal) {
                json.value("refusal").name("refusal").value(text.toString()).endObject();
                return;
            }
            json.value("output_text").name("text").value(text.toString());
            all(json.name("annotations"), annotations);
            all(json.name("logprobs"), logprobs);
            json.endObject();
        }

        /** This as the summary of what was thought. */
        void writeSummary(JsonWriter json) {
            json.beginObject().name("type").value("summary_text");
            json.name("text").value(text.toString()).endObject();
        }
    }

    static final String BEGUN = "in_progress";

    final Kind kind;
    final String id;
    final int index;
    final List<Stretch> stretches = new ArrayList<>(1);
    /** A call's arguments; the text of a custom tool's call. */
    final KeptText arguments = new KeptText();
    /** Takes a custom tool's text out of the arguments of its function; null = the text comes as it is. */
    @Nullable
    CustomInput input;

    /** In the words of decision 0014, as far as it has come; empty = none. */
    final StringBuilder signature = new StringBuilder(0);

    @Nullable
    String redacted;

    String callId = "";
    String name = "";

    @Nullable
    String namespace;

    Part.Source.@Nullable Data image;
    String status = BEGUN;

    OutputItem(Kind kind, int index, String key) {
        this.kind = kind;
        this.index = index;
        this.id = kind.prefix + key + index;
    }

    /** The last stretch; null = there is none. */
    @Nullable
    Stretch last() {
        return stretches.isEmpty() ? null : stretches.get(stretches.size() - 1);
    }

    private @Nullable String encrypted() {
        String hidden = redacted;
        if (hidden != null) {
            return EncryptedReasoning.redacted(hidden);
        }
        return status.equals(BEGUN) ? null : EncryptedReasoning.signed(signature.toString());
    }

    void write(JsonWriter json) {
        json.beginObject().name("id").value(id).name("type").value(kind.type);
        json.name("status").value(status);
        switch (kind) {
            case MESSAGE -> {
                json.name("role").value("assistant").name("content").beginArray();
                stretches.forEach(one -> one.write(json));
                json.endArray();
            }
            case REASONING -> {
                json.name("summary").beginArray();
                stretches.forEach(one -> one.writeSummary(json));
                json.endArray().name("encrypted_content");
                String content = encrypted();
                if (content == null) {
                    json.nullValue();
                } else {
                    json.value(content);
                }
            }
            case CALL -> called(json).name("arguments").value(arguments.toString());
            case CUSTOM -> called(json).name("input").value(arguments.toString());
            case LOCAL_SHELL, SHELL, PATCH, SEARCH -> {
                json.name("call_id").value(callId);
                ActionJson.write(json, kind, arguments.toString());
            }
            case IMAGE -> {
                json.name("result");
                if (image == null) {
                    json.nullValue();
                } else {
                    json.value(image.base64());
                }
            }
        }
        json.endObject();
    }

    private JsonWriter called(JsonWriter json) {
        json.name("call_id").value(callId);
        if (namespace != null) {
            json.name("namespace").value(namespace);
        }
        return json.name("name").value(name);
    }

    static void all(JsonWriter json, List<Json> values) {
        json.beginArray();
        values.forEach(json::value);
        json.endArray();
    }
}
