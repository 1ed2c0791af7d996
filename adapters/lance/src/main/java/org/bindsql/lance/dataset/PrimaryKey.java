package org.bindsql.lance.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.lance.definition.TableDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The columns whose values together tell a row.
 *
 * @param sources positions of the stored columns, in the key's order
 * @param enforced whether writes are checked against it
 */
public record PrimaryKey(List<Integer> sources, boolean enforced) {

  /** The primary key that the columns' metadata declare, or null if they declare none. */
  static @Nullable PrimaryKey of(List<Field> stored) {
    List<Integer> sources = new ArrayList<>();
    boolean enforced = true;
    for (int i = 0; i < stored.size(); i++) {
      Map<String, String> metadata = stored.get(i).getMetadata();
      if ("true".equals(metadata.get(TableDefinition.PRIMARY_KEY))) {
        sources.add(i);
        enforced &= TableDefinition.ENFORCED.equals(metadata.get(TableDefinition.PRIMARY_KEY_MODE));
      }
    }
    sources.sort(Comparator.comparingInt(i -> position(stored.get(i))));
    return sources.isEmpty() ? null : new PrimaryKey(List.copyOf(sources), enforced);
  }

  private static int position(Field field) {
    String position = field.getMetadata().get(TableDefinition.PRIMARY_KEY_POSITION);
    try {
      return position == null ? 0 : Integer.parseInt(position);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
