package io.roomfield.slam.rpc;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.file.HttpFile;
import io.roomfield.slam.v1.SlamProto;

/**
 * The API as the viewer reads it: the descriptors of the .proto in JSON, so that no field number is
 * written down twice.
 *
 * <pre>
 * {"service": "io.roomfield.slam.v1.SlamService",
 *  "methods": {"GetPose": {"request": "GetPoseRequest", "answer": "TrackedPose"}},
 *  "messages": {"Pose": {"1": {"name": "qx", "type": "DOUBLE", "repeated": false,
 *               "presence": false}}},
 *  "enums": {"Role": {"0": "ROLE_UNSPECIFIED"}}}
 * </pre>
 *
 * A field whose type is MESSAGE or ENUM names it in {@code "of"}.
 */
final class ApiSchema {
  private ApiSchema() {}

  static HttpService page() {
    return HttpFile.builder(HttpData.ofUtf8(json()), 0)
        .contentType(MediaType.JSON_UTF_8)
        .build()
        .asService();
  }

  static String json() {
    ServiceDescriptor service = SlamProto.getDescriptor().findServiceByName("SlamService");
    ObjectNode schema = new ObjectMapper().createObjectNode();
    schema.put("service", service.getFullName());
    ObjectNode methods = schema.putObject("methods");
    for (MethodDescriptor method : service.getMethods()) {
      methods
          .putObject(method.getName())
          .put("request", method.getInputType().getName())
          .put("answer", method.getOutputType().getName());
    }
    ObjectNode messages = schema.putObject("messages");
    for (Descriptor message : SlamProto.getDescriptor().getMessageTypes()) {
      ObjectNode fields = messages.putObject(message.getName());
      message.getFields().forEach(field -> add(field, fields));
    }
    ObjectNode enums = schema.putObject("enums");
    for (EnumDescriptor type : SlamProto.getDescriptor().getEnumTypes()) {
      ObjectNode values = enums.putObject(type.getName());
      type.getValues().forEach(value -> values.put("" + value.getNumber(), value.getName()));
    }
    return schema.toString();
  }

  private static void add(FieldDescriptor field, ObjectNode fields) {
    ObjectNode node = fields.putObject("" + field.getNumber());
    node.put("name", field.getJsonName())
        .put("type", field.getType().name())
        .put("repeated", field.isRepeated())
        .put("presence", field.hasPresence());
    switch (field.getJavaType()) {
      case MESSAGE -> node.put("of", field.getMessageType().getName());
      case ENUM -> node.put("of", field.getEnumType().getName());
      default -> {}
    }
  }
}
