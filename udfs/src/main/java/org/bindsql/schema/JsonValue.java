package org.bindsql.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/**
 * A value inside a JSON argument, with its path for messages.
 *
 * <p>Documents are bounded: 256 Ki characters, 64 levels, 1,000 values, numbers of 64 characters;
 * duplicate keys and trailing text are errors.
 *
 * @param function name of the SQL function, for messages
 * @param path where the value stands, {@code $} for the whole document
 */
record JsonValue(String function, String path, JsonNode node) {
  private static final int MAX_LENGTH = 256 * 1024;
  private static final int MAX_VALUES = 1000;
  private static final int SHOWN = 80;

  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxStringLength(64 * 1024)
                          .maxNameLength(1024)
                          .maxNumberLength(64)
                          .maxDocumentLength(MAX_LENGTH)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  /** The document, which must be an object. */
  static JsonValue parse(String function, String json) {
    if (json.length() > MAX_LENGTH) {
      throw new BindSqlException(
          ErrorCode.LIMIT_REACHED,
          "%s: JSON has %d characters, expected at most %d"
              .formatted(function, json.length(), MAX_LENGTH));
    }
    JsonNode node;
    try {
      node = READER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new BindSqlException(
          ErrorCode.SYNTAX,
          "%s: invalid JSON at line %d, column %d: %s"
              .formatted(
                  function,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                  shortened(e.getOriginalMessage().replaceFirst(" \\(start marker at.*", ""))),
          e);
    }
    JsonValue value = new JsonValue(function, "$", node);
    int count = count(node, 0);
    if (count > MAX_VALUES) {
      throw new BindSqlException(
          ErrorCode.LIMIT_REACHED,
          "%s: JSON has more than %d values".formatted(function, MAX_VALUES));
    }
    if (!node.isObject()) {
      throw value.unexpected("an object");
    }
    return value;
  }

  private static int count(JsonNode node, int before) {
    int count = before + 1;
    for (JsonNode child : node) {
      if (count > MAX_VALUES) {
        return count;
      }
      count = count(child, count);
    }
    return count;
  }

  /** The members of this object, in order; any key outside {@code known} is an error. */
  Map<String, JsonValue> members(Set<String> known) {
    if (!node.isObject()) {
      throw unexpected("an object");
    }
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      JsonValue member = new JsonValue(function, path + "." + entry.getKey(), entry.getValue());
      if (!known.contains(entry.getKey())) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "%s: unknown key %s, expected one of %s"
                .formatted(
                    function,
                    shortened(member.path),
                    String.join(", ", known.stream().sorted().toList())));
      }
      members.put(entry.getKey(), member);
    }
    return members;
  }

  /** The elements of this array. */
  List<JsonValue> elements() {
    if (!node.isArray()) {
      throw unexpected("an array");
    }
    List<JsonValue> elements = new ArrayList<>();
    for (JsonNode element : node) {
      elements.add(new JsonValue(function, path + "[" + elements.size() + "]", element));
    }
    return elements;
  }

  /** This value alone, or the elements of this array, of which there must be one. */
  <T> List<T> oneOrMore(Function<JsonValue, T> read) {
    if (!node.isArray()) {
      return List.of(read.apply(this));
    }
    if (node.isEmpty()) {
      throw unexpected("at least one value");
    }
    return elements().stream().map(read).toList();
  }

  boolean isArray() {
    return node.isArray();
  }

  int integer(int min, int max) {
    return (int) longInteger(min, max);
  }

  long longInteger(long min, long max) {
    String expected = "an integer from %d to %d".formatted(min, max);
    if (!node.isIntegralNumber()) {
      throw unexpected(expected);
    }
    if (!node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
      throw outOfRange(expected);
    }
    return node.longValue();
  }

  double real(double min, double max) {
    String expected = "a number from %s to %s".formatted(trimmed(min), trimmed(max));
    if (!node.isNumber()) {
      throw unexpected(expected);
    }
    double value = node.doubleValue();
    if (!(value >= min && value <= max)) {
      throw outOfRange(expected);
    }
    return value;
  }

  boolean bool() {
    if (!node.isBoolean()) {
      throw unexpected("true or false");
    }
    return node.booleanValue();
  }

  String text() {
    if (!node.isTextual()) {
      throw unexpected("a string");
    }
    return node.textValue();
  }

  /** An index into {@code names}, written as the number or the name. */
  int nameOrIndex(List<String> names) {
    if (!node.isTextual()) {
      return integer(0, names.size() - 1);
    }
    int index = names.indexOf(node.textValue());
    if (index < 0) {
      throw unexpected("one of " + String.join(", ", names));
    }
    return index;
  }

  BindSqlException unexpected(String expected) {
    return error("is " + shortened(node.toString()), expected);
  }

  private BindSqlException outOfRange(String expected) {
    return error(shortened(node.toString()) + " is out of range", expected);
  }

  private BindSqlException error(String problem, String expected) {
    return new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        "%s: %s %s, expected %s".formatted(function, shortened(path), problem, expected));
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  private static String trimmed(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
