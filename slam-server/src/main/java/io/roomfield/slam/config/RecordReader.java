package io.roomfield.slam.config;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Reads YAML into configuration records. Every component of a record must be there and nothing
 * else; a number is never a string or the other way round.
 */
final class RecordReader {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  private RecordReader() {}

  /**
   * The keys and values of a YAML document.
   *
   * @param source what to call it in errors
   * @throws IllegalArgumentException if it is not YAML, or not a mapping at its top level
   */
  static ObjectNode parse(InputStream yaml, String source) throws IOException {
    JsonNode tree;
    try {
      tree = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s: %s (expected: YAML)".formatted(source, e.getMessage()), e);
    }
    if (tree instanceof ObjectNode keys) {
      return keys;
    }
    throw new IllegalArgumentException(
        "%s: %s (expected: a mapping of keys to values)"
            .formatted(source, tree.isMissingNode() ? "empty" : tree.getNodeType()));
  }

  static ObjectNode toTree(Map<String, ?> values) {
    return YAML.valueToTree(values);
  }

  /**
   * Builds a record from its keys.
   *
   * @throws IllegalArgumentException naming the source and the key that is unknown (with the
   *     nearest known one), missing, of the wrong type or out of range
   */
  static <T extends Record> T build(ObjectNode keys, Class<T> type, String source) {
    try {
      return YAML.treeToValue(keys, type);
    } catch (UnrecognizedPropertyException e) {
      throw new IllegalArgumentException(
          "%s: unknown key %s (nearest: %s)".formatted(source, path(e), nearest(e)), e);
    } catch (ValueInstantiationException e) {
      String reason = e.getCause() == null ? e.getOriginalMessage() : e.getCause().getMessage();
      throw new IllegalArgumentException("%s: %s".formatted(source, reason), e);
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(
          "%s: %s: %s".formatted(source, path(e), e.getOriginalMessage()), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("%s: %s".formatted(source, e.getMessage()), e);
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(JsonMappingException.Reference::getFieldName)
        .collect(Collectors.joining("."));
  }

  private static String nearest(UnrecognizedPropertyException e) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return e.getKnownPropertyIds().stream()
        .map(Object::toString)
        .min(Comparator.comparingInt(known -> distance.apply(known, e.getPropertyName())))
        .orElse("none");
  }
}
