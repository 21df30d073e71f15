package dev.thanosgateway.host.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.thanosgateway.host.dispatch.Weight;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a message costs in memory once it is read: walks its fields where they lie, so that one of many small messages is
 * refused before it becomes objects. Used by one thread.
 */
final class MessageWeight {
    private static final int MAX_DEPTH = 64;
    private static final String JSON_SUFFIX = "_json";
    private static final String JSON = "json";

    private final byte[] bytes;
    private final CodedInputStream in;
    private final Weight weight = new Weight();

    private MessageWeight(byte[] bytes, int length) {
        this.bytes = bytes;
        this.in = CodedInputStream.newInstance(bytes, 0, length);
        weight.bytes(length);
    }

    /** @throws IOException when the bytes are no message of any type */
    static Weight of(byte[] bytes, int length, Descriptor type) throws IOException {
        MessageWeight walk = new MessageWeight(bytes, length);
        walk.message(type, 0);
        return walk.weight;
    }

    private void message(@Nullable Descriptor type, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new InvalidProtocolBufferException("it is nested too deeply");
        }
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            weight.value();
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                FieldDescriptor field = type == null ? null : type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
                delimited(field, depth);
            } else if (!in.skipField(tag)) {
                return;
            }
        }
    }

    private void delimited(@Nullable FieldDescriptor field, int depth) throws IOException {
        int length = in.readRawVarint32();
        if (field != null && field.getType() == FieldDescriptor.Type.MESSAGE) {
            // It becomes two objects: the protocol's, and ours.
            weight.value();
            int outer = in.pushLimit(length);
            message(field.getMessageType(), depth + 1);
            in.popLimit(outer);
            return;
        }
        int from = in.getTotalBytesRead();
        in.skipRawBytes(length);
        if (field != null && (field.getName().equals(JSON) || field.getName().endsWith(JSON_SUFFIX))) {
            weight.json(ByteBuffer.wrap(bytes, from, length));
        } else {
            weight.text(ByteBuffer.wrap(bytes, from, length));
        }
    }
}
