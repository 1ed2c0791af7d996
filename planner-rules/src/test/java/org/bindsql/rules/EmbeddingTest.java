package org.bindsql.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.calcite.DataContext;
import org.apache.calcite.DataContexts;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.tools.FrameworkConfig;
import org.apache.calcite.tools.Frameworks;
import org.apache.calcite.tools.Planner;
import org.apache.calcite.tools.Program;
import org.apache.calcite.tools.Programs;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.functions.Functions;
import org.junit.jupiter.api.Test;

/** The embedding of docs/embedding.md: an application's own table under a plain Calcite planner. */
class EmbeddingTest {
  private static final String NEAREST =
      "SELECT name, hamming_distance(hash, ?) AS d FROM photos WHERE name <> 'b' ORDER BY d LIMIT 2";

  @Test
  void searchesAnApplicationsTable() throws Exception {
    try (BufferAllocator memory = new RootAllocator();
        PhotoTable photos = new PhotoTable(memory)) {
      photos.add("a", 0b0000_0000L);
      photos.add("b", 0b0000_0001L);
      photos.add("c", 0b0000_0111L);
      photos.add("d", 0b0111_1111L);
      photos.add("e", 0b0000_0011L);
      EnumerableRel plan = plan(photos, NEAREST);
      String text = RelOptUtil.toString(plan);
      assertTrue(text.contains("HdrCascadeTopK(table=[[photos]], column=[hash]"), text);
      assertEquals(
          List.of("a:1", "e:1"),
          run(plan, memory, new ByteString(new byte[] {1, 0, 0, 0, 0, 0, 0, 0})));
      assertEquals(
          List.of("d:1", "c:5"),
          run(plan, memory, new ByteString(new byte[] {-1, 0, 0, 0, 0, 0, 0, 0})));
    }
  }

  private static EnumerableRel plan(PhotoTable photos, String sql) throws Exception {
    SchemaPlus schema = Frameworks.createRootSchema(true);
    schema.add("photos", photos);
    Program withOurRules =
        (planner, rel, traits, materializations, lattices) -> {
          BindRules.ALL.forEach(planner::addRule);
          return Programs.standard().run(planner, rel, traits, materializations, lattices);
        };
    FrameworkConfig config =
        Frameworks.newConfigBuilder()
            .parserConfig(
                SqlParser.config().withUnquotedCasing(Casing.UNCHANGED).withCaseSensitive(false))
            .defaultSchema(schema)
            .operatorTable(
                SqlOperatorTables.chain(SqlStdOperatorTable.instance(), Functions.operatorTable()))
            .programs(withOurRules)
            .build();
    try (Planner planner = Frameworks.getPlanner(config)) {
      RelRoot root = planner.rel(planner.validate(planner.parse(sql)));
      return (EnumerableRel)
          planner.transform(
              0, root.rel.getTraitSet().replace(EnumerableConvention.INSTANCE), root.rel);
    }
  }

  private static List<String> run(EnumerableRel plan, BufferAllocator memory, Object parameter) {
    Map<String, Object> variables = new HashMap<>();
    var bindable =
        EnumerableInterpretable.toBindable(variables, null, plan, EnumerableRel.Prefer.ARRAY);
    variables.put("?0", parameter);
    ExecutionContext.Source source =
        values ->
            ExecutionContext.of(memory.newChildAllocator("statement", 0, Long.MAX_VALUE), values);
    variables.put(ExecutionContext.Source.VARIABLE, source);
    DataContext context = DataContexts.of(variables);
    List<String> rows = new ArrayList<>();
    try (Enumerator<?> enumerator = bindable.bind(context).enumerator()) {
      while (enumerator.moveNext()) {
        Object[] row = (Object[]) enumerator.current();
        rows.add(row[0] + ":" + row[1]);
      }
    }
    return rows;
  }

  /** What the page shows is what this module's tests compile. */
  @Test
  void pageShowsTestedCode() throws IOException {
    Path tests = Path.of("src/test/java/org/bindsql/rules");
    String code =
        squeeze(
            Files.readString(tests.resolve("EmbeddingTest.java"))
                + Files.readString(tests.resolve("PhotoTable.java")));
    String page = Files.readString(Path.of("../docs/embedding.md"));
    var blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    int count = 0;
    while (blocks.find()) {
      count++;
      String block = squeeze(blocks.group(1));
      assertTrue(
          code.contains(block), "docs/embedding.md, block " + count + ": " + blocks.group(1));
    }
    assertEquals(4, count);
  }

  private static String squeeze(String text) {
    return text.replaceAll("\\s+", "");
  }
}
