package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.proto.ChatRequest;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Clients of the original protocol: their bytes, written and read by hand. */
class WireCompatibilityTest {
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private static final MethodDescriptor<byte[], byte[]> CHAT = MethodDescriptor.newBuilder(BYTES, BYTES)
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName("thanos.ThanosService/ChatCompletion")
            .build();

    /** model 1, messages 2 {role 1, content 2}, stream 3, temperature 4, max_tokens 5, top_p 6, system 7. */
    private static byte[] originalRequest() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        string(out, 0x0A, "auto");
        out.write(0x12);
        out.write(12);
        string(out, 0x0A, "User");
        string(out, 0x12, "hi");
        out.write(0x1A); // field 3 of Message: one the gateway does not know
        out.write(0);
        bytes(out, 0x18, 1);
        bytes(out, 0x25, 0x33, 0x33, 0x33, 0x3F); // 0.7f
        bytes(out, 0x28, 0x80, 0x10); // 2048
        bytes(out, 0x35, 0x66, 0x66, 0x66, 0x3F); // 0.9f
        string(out, 0x3A, "Be brief.");
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, int tag, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.write(tag);
        out.write(utf8.length);
        out.writeBytes(utf8);
    }

    private static void bytes(ByteArrayOutputStream out, int... values) {
        for (int value : values) {
            out.write(value);
        }
    }

    /** Fields 1 to 6 by number, as the original client reads them; the others it skips. */
    private static Map<Integer, Object> originalResponse(byte[] message) throws IOException {
        Map<Integer, Object> fields = new TreeMap<>();
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            switch (number) {
                case 1, 2, 3, 6 -> fields.put(number, in.readString());
                case 4 -> fields.put(number, in.readBool());
                case 5 -> {
                    CodedInputStream usage = in.readBytes().newCodedInput();
                    List<Integer> counts = new ArrayList<>();
                    for (int t = usage.readTag(); t != 0; t = usage.readTag()) {
                        counts.add(usage.readInt32());
                    }
                    fields.put(number, counts);
                }
                default -> in.skipField(tag);
            }
        }
        return fields;
    }

    @Test
    void anOriginalClientIsUnderstoodAndUnderstands() throws Exception {
        try (Served served = Served.open()) {
            Iterator<byte[]> answer = ClientCalls.blockingServerStreamingCall(
                    served.channel, CHAT, CallOptions.DEFAULT, originalRequest());
            List<Map<Integer, Object>> all = new ArrayList<>();
            while (answer.hasNext()) {
                all.add(originalResponse(answer.next()));
            }
            assertThat(all)
                    .containsExactly(
                            Map.of(1, "acme", 2, "acme-1-2026", 3, "hello"),
                            Map.of(1, "acme", 2, "acme-1-2026", 4, true, 5, List.of(11, 7, 18), 6, "stop"));
            var request = served.dispatcher.next().request();
            ChatContent content = request.content();
            assertThat(request.model()).isEqualTo("auto");
            assertThat(request.stream()).isTrue();
            assertThat(content.messages().get(0).role()).isEqualTo(Role.SYSTEM);
            assertThat(content.messages().get(0).text()).isEqualTo("Be brief.");
            assertThat(content.messages().get(1).role()).isEqualTo(Role.USER);
            assertThat(content.messages().get(1).text()).isEqualTo("hi");
            assertThat(content.sampling().temperature()).isEqualTo(0.7);
            assertThat(content.sampling().topP()).isEqualTo(0.9);
            assertThat(content.maxOutputTokens()).isEqualTo(2048);
            assertThat(content.toolChoice()).isNull();
        }
    }

    @Test
    void theOriginalsFieldsAreWhereTheyWereAndTheNewOnesBeyond() {
        Map<String, List<String>> original = Map.of(
                "ChatRequest",
                List.of(
                        "1 model STRING",
                        "2 messages MESSAGE*",
                        "3 stream BOOL",
                        "4 temperature FLOAT?",
                        "5 max_tokens INT32?",
                        "6 top_p FLOAT?",
                        "7 system STRING?"),
                "Message",
                List.of("1 role STRING", "2 content STRING"),
                "ChatResponse",
                List.of(
                        "1 provider STRING",
                        "2 model STRING",
                        "3 content STRING",
                        "4 done BOOL",
                        "5 usage MESSAGE?",
                        "6 finish_reason STRING?"),
                "Usage",
                List.of("1 prompt_tokens INT32", "2 completion_tokens INT32", "3 total_tokens INT32"),
                "ModelsResponse",
                List.of("1 models MESSAGE*"),
                "ModelInfo",
                List.of(
                        "1 id STRING",
                        "2 provider STRING",
                        "3 name STRING",
                        "4 context_length INT32",
                        "5 max_output INT32",
                        "6 supports_streaming BOOL",
                        "7 supports_functions BOOL",
                        "8 supports_vision BOOL"),
                "HealthResponse",
                List.of("1 status STRING", "2 providers MESSAGE*", "3 uptime INT64"),
                "ProviderHealth",
                List.of("1 name STRING", "2 status STRING", "3 error STRING?"),
                "Empty",
                List.of());
        original.forEach((name, fields) -> {
            Descriptor message = ChatRequest.getDescriptor().getFile().findMessageTypeByName(name);
            assertThat(message.getFields().stream()
                            .filter(f -> f.getNumber() < 20)
                            .map(WireCompatibilityTest::describe))
                    .as(name)
                    .containsExactlyElementsOf(fields);
            assertThat(message.getFields().stream().filter(f -> f.getNumber() >= 20))
                    .as("new fields of " + name + " may be absent")
                    .allMatch(f -> f.isRepeated() || f.hasPresence());
        });
    }

    private static String describe(FieldDescriptor field) {
        boolean optional = field.hasPresence() && field.toProto().getProto3Optional();
        return field.getNumber() + " " + field.getName() + " " + field.getType()
                + (field.isRepeated() ? "*" : optional ? "?" : "");
    }
}
