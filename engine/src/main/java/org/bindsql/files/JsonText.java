package org.bindsql.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.avatica.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Arrays, rows and maps as JSON: arrays, objects by field name, and arrays of pairs for maps, whose
 * keys need not be text. Inside, numbers and truth values are JSON's, everything else is text.
 */
final class JsonText {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private JsonText() {}

  /** The value in Enumerable's runtime form. */
  static @Nullable Object parse(String text, Field field) {
    try {
      return value(MAPPER.readTree(text), field);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private static @Nullable Object value(JsonNode node, Field field) {
    if (node.isNull()) {
      return null;
    }
    List<Field> children = field.getChildren();
    return switch (field.getType()) {
      case ArrowType.Struct ignored -> {
        require(node.isObject());
        require(
            children.stream().map(Field::getName).toList().containsAll(names((ObjectNode) node)));
        @Nullable Object[] values = new Object[children.size()];
        for (int i = 0; i < values.length; i++) {
          JsonNode child = node.get(children.get(i).getName());
          values[i] = child == null ? null : value(child, children.get(i));
        }
        yield values;
      }
      case ArrowType.Map ignored -> {
        require(node.isArray());
        List<Field> pair = children.getFirst().getChildren();
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (JsonNode entry : node) {
          require(entry.isArray() && entry.size() == 2);
          map.put(value(entry.get(0), pair.get(0)), value(entry.get(1), pair.get(1)));
        }
        yield map;
      }
      case ArrowType type when isList(type) -> {
        require(node.isArray());
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonNode element : node) {
          list.add(value(element, children.getFirst()));
        }
        yield list;
      }
      default -> scalar(node, field.getType());
    };
  }

  private static List<String> names(ObjectNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static boolean isList(ArrowType type) {
    return type instanceof ArrowType.List
        || type instanceof ArrowType.LargeList
        || type instanceof ArrowType.FixedSizeList;
  }

  private static Object scalar(JsonNode node, ArrowType type) {
    return switch (type) {
      case ArrowType.Bool ignored -> {
        require(node.isBoolean());
        yield node.booleanValue();
      }
      case ArrowType.Int ignored -> {
        require(node.isIntegralNumber());
        yield new BigDecimal(node.bigIntegerValue());
      }
      case ArrowType.Decimal ignored -> {
        require(node.isNumber());
        yield node.decimalValue();
      }
      case ArrowType.FloatingPoint floating -> {
        String text = node.isNumber() || node.isTextual() ? node.asText() : "";
        yield floating.getPrecision() == FloatingPointPrecision.DOUBLE
            ? (Object) Double.valueOf(text)
            : Float.valueOf(text);
      }
      default -> {
        require(node.isTextual());
        yield text(node.textValue(), type);
      }
    };
  }

  private static Object text(String text, ArrowType type) {
    return switch (type) {
      case ArrowType.Date ignored -> TimeText.date(text);
      case ArrowType.Time ignored -> (int) (TimeText.time(text) / 1_000_000);
      case ArrowType.Timestamp ignored -> TimeText.timestamp(text, TimeUnit.MILLISECOND);
      case ArrowType.Utf8 ignored -> text;
      case ArrowType.LargeUtf8 ignored -> text;
      default -> new ByteString(TextParser.bytes(text));
    };
  }

  private static void require(boolean fits) {
    if (!fits) {
      throw new IllegalArgumentException("JSON of another kind");
    }
  }

  /** The JSON of a value in Enumerable's runtime form. */
  static String print(Object value, Field field) {
    return node(value, field).toString();
  }

  private static JsonNode node(@Nullable Object value, Field field) {
    if (value == null) {
      return NODES.nullNode();
    }
    List<Field> children = field.getChildren();
    return switch (value) {
      case List<?> list -> {
        ArrayNode array = NODES.arrayNode();
        list.forEach(element -> array.add(node(element, children.getFirst())));
        yield array;
      }
      case Map<?, ?> map -> {
        ArrayNode array = NODES.arrayNode();
        List<Field> pair = children.getFirst().getChildren();
        map.forEach((key, held) ->
            array.addArray().add(node(key, pair.get(0))).add(node(held, pair.get(1))));
        yield array;
      }
      case Object[] fields -> {
        ObjectNode object = NODES.objectNode();
        for (int i = 0; i < fields.length; i++) {
          object.set(children.get(i).getName(), node(fields[i], children.get(i)));
        }
        yield object;
      }
      case Boolean truth -> NODES.booleanNode(truth);
      case String text -> new TextNode(text);
      case ByteString bytes ->
          new TextNode(HexFormat.of().withUpperCase().formatHex(bytes.getBytes()));
      case Number number -> number(number, field.getType());
      default -> throw new IllegalStateException(Objects.toString(value));
    };
  }

  private static JsonNode number(Number number, ArrowType type) {
    return switch (type) {
      case ArrowType.Date ignored -> new TextNode(TimeText.printDate(number.intValue()));
      case ArrowType.Time ignored ->
          new TextNode(TimeText.printTime(number.intValue(), TimeUnit.MILLISECOND));
      case ArrowType.Timestamp ignored ->
          new TextNode(TimeText.printTimestamp(number.longValue(), TimeUnit.MILLISECOND));
      default ->
          switch (number) {
            case Float f when !Float.isFinite(f) -> new TextNode(f.toString());
            case Double d when !Double.isFinite(d) -> new TextNode(d.toString());
            // Through text: the shortest that reads back, where a float's double has more digits.
            case Float f -> NODES.numberNode(new BigDecimal(f.toString()));
            case Double d -> NODES.numberNode(d);
            case BigDecimal d -> NODES.numberNode(d);
            default -> NODES.numberNode(BigInteger.valueOf(number.longValue()));
          };
    };
  }
}
