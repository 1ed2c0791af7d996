package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.apache.calcite.avatica.BuiltInConnectionProperty;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.junit.jupiter.api.Test;

class HostilePropertiesTest {
  /** A class that notes that somebody loaded it. */
  static final class Canary {
    static {
      System.setProperty("bindsql.test.canary", "loaded");
    }
  }

  private static final List<String> VALUES =
      List.of(
          HostilePropertiesTest.class.getName() + "$Canary",
          "inline:{\"version\":\"1.0\"}",
          "file:///etc/passwd",
          "true");

  private static List<String> keys() {
    List<String> keys = new ArrayList<>(List.of("no_such_key", "schema.x", "Model", "MODEL"));
    for (CalciteConnectionProperty property : CalciteConnectionProperty.values()) {
      keys.add(property.camelName());
    }
    for (BuiltInConnectionProperty property : BuiltInConnectionProperty.values()) {
      keys.add(property.camelName());
    }
    // Ours, or accepted because JDBC passes them.
    keys.removeAll(List.of("schema", "user", "password"));
    return keys;
  }

  @Test
  void everyPropertyButOursIsRefused() {
    int refused = 0;
    for (String key : keys()) {
      for (String value : VALUES) {
        Properties properties = new Properties();
        properties.setProperty(key, value);
        SQLException e =
            assertThrows(
                SQLException.class,
                () -> DriverManager.getConnection("jdbc:bindsql:", properties),
                key);
        assertEquals("22023", e.getSQLState(), key);
        assertTrue(String.valueOf(e.getMessage()).contains(key), key);
        refused++;
      }
    }
    assertTrue(refused >= 200, refused + " tried");
    assertEquals(null, System.getProperty("bindsql.test.canary"));
  }

  @Test
  void badValuesOfOurOwn() {
    for (String url :
        new String[] {
          "readOnly=perhaps",
          "planner=other",
          "batchSize=0",
          "batchSize=x",
          "threads=-1",
          "query_timeout=soon",
          "hdr.recall=0",
          "path=",
          "memory_limit=1.5"
        }) {
      SQLException e =
          assertThrows(
              SQLException.class, () -> DriverManager.getConnection("jdbc:bindsql:" + url), url);
      assertEquals("22023", e.getSQLState(), url);
    }
    SQLException e =
        assertThrows(
            SQLException.class, () -> DriverManager.getConnection("jdbc:bindsql:schema=nowhere"));
    assertEquals("3F000", e.getSQLState().toUpperCase(Locale.ROOT));
  }
}
