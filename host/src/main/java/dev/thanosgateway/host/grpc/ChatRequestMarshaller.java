package dev.thanosgateway.host.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.dispatch.RequestMemory;
import dev.thanosgateway.host.dispatch.Weight;
import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a chat's request once there is memory for it. What is refused here is given to the call as an empty request, and
 * the reason beside it ({@link Calls#refusal}): an exception would leave the caller with UNKNOWN.
 */
final class ChatRequestMarshaller implements MethodDescriptor.Marshaller<ChatRequest> {
    private static final int LEAST_BYTES = 512;

    private final MethodDescriptor.Marshaller<ChatRequest> plain;

    private ChatRequestMarshaller(MethodDescriptor.Marshaller<ChatRequest> plain) {
        this.plain = plain;
    }

    /** The service, with its chats read in this way. */
    static ServerServiceDefinition in(ServerServiceDefinition service) {
        String chat = ThanosServiceGrpc.getChatCompletionMethod().getFullMethodName();
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
            boolean chats = method.getMethodDescriptor().getFullMethodName().equals(chat);
            methods.add(chats ? reading(method) : method);
        }
        // Reflection tells by the schema what there is.
        ServiceDescriptor.Builder described = ServiceDescriptor.newBuilder(
                        service.getServiceDescriptor().getName())
                .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
        methods.forEach(method -> described.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder out = ServerServiceDefinition.builder(described.build());
        methods.forEach(out::addMethod);
        return out.build();
    }

    @SuppressWarnings("unchecked")
    private static <A> ServerMethodDefinition<ChatRequest, A> reading(ServerMethodDefinition<?, A> method) {
        ServerMethodDefinition<ChatRequest, A> chat = (ServerMethodDefinition<ChatRequest, A>) method;
        MethodDescriptor<ChatRequest, A> as = chat.getMethodDescriptor();
        return ServerMethodDefinition.create(
                as.toBuilder(new ChatRequestMarshaller(as.getRequestMarshaller()), as.getResponseMarshaller())
                        .build(),
                chat.getServerCallHandler());
    }

    @Override
    public InputStream stream(ChatRequest value) {
        return plain.stream(value);
    }

    @Override
    public ChatRequest parse(InputStream in) {
        try {
            return read(in, Calls.memory());
        } catch (GatewayException e) {
            Calls.refuse(e);
        } catch (IOException e) {
            Calls.refuse(new GatewayException(
                    ErrorKind.INVALID_REQUEST,
                    "The message is no protobuf ChatRequest: "
                            + (e instanceof InvalidProtocolBufferException
                                    ? e.getMessage()
                                    : "it cannot be decompressed")));
        }
        return ChatRequest.getDefaultInstance();
    }

    private static ChatRequest read(InputStream in, RequestMemory memory) throws GatewayException, IOException {
        byte[] bytes = new byte[Math.max(LEAST_BYTES, in.available() + 1)];
        int length = 0;
        for (int more = in.read(bytes); more >= 0; more = in.read(bytes, length, bytes.length - length)) {
            length += more;
            if (length == bytes.length) {
                memory.grow(2L * length);
                bytes = Arrays.copyOf(bytes, 2 * length);
            }
        }
        Weight weight = MessageWeight.of(bytes, length, ChatRequest.getDescriptor());
        memory.whole(weight);
        return ChatRequest.parser().parseFrom(bytes, 0, length);
    }
}
