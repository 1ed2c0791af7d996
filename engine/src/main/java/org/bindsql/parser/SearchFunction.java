package org.bindsql.parser;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * A table function that searches a fingerprint column: the rows of its first argument that it
 * finds, best first, with {@code _distance}, and perhaps {@code _score}, as last columns.
 *
 * <p>A call becomes a query while it is parsed. So the cascade answers it as it answers that query,
 * names, types and parameters are checked as everywhere, and what is filtered or joined already can
 * be searched ({@code docs/adr} says more).
 */
public enum SearchFunction {
  /** The k nearest rows. */
  HDR_SEARCH(4, "data", "column", "query", "k", "mask") {
    @Override
    SqlNode query(SearchQuery search) {
      return search.nearest(search.get("query"));
    }
  },

  /** The rows within a radius, in no particular order. */
  HDR_RANGE(4, "data", "column", "query", "radius", "mask") {
    @Override
    SqlNode query(SearchQuery search) {
      return search.within(search.get("query"), search.get("radius"));
    }
  },

  /** The k rows that, XOR-ed with a key, are nearest to a target. */
  HDR_BIND_SEARCH(5, "data", "column", "key", "target", "k", "mask") {
    @Override
    SqlNode query(SearchQuery search) {
      // H(row XOR key, target) = H(row, key XOR target)
      return search.nearest(
          search.call("xor_bind", List.of(search.get("key"), search.get("target"))));
    }
  },

  /** The k best rows, those that may be neighbours of a node having a bonus. */
  HDR_BLOOM_SEARCH(6, "data", "column", "query", "k", "source", "bonus", "mask") {
    @Override
    SqlNode query(SearchQuery search) {
      return search.withBonus();
    }
  },

  /** The k best rows by distance and learnt value. */
  HDR_RL_SEARCH(5, "data", "column", "query", "k", "alpha", "mask") {
    @Override
    SqlNode query(SearchQuery search) {
      return search.byReward();
    }
  };

  private final int required;
  private final List<String> parameters;

  SearchFunction(int required, String... parameters) {
    this.required = required;
    this.parameters = List.of(parameters);
  }

  /** Name in SQL. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Name and parameters, as the catalog shows them. */
  public String signature() {
    return sqlName()
        + "("
        + String.join(", ", parameters.subList(0, required))
        + parameters.subList(required, parameters.size()).stream()
            .map(name -> "[, " + name + "]")
            .reduce("", String::concat)
        + ")";
  }

  /** Number of parameters that have no default. */
  int required() {
    return required;
  }

  /** Names of the parameters in order. */
  List<String> parameters() {
    return parameters;
  }

  /** The query that a call stands for. */
  abstract SqlNode query(SearchQuery search);

  /**
   * What a table function call in FROM stands for.
   *
   * @return the query, if the function is one of these, else the call
   * @throws org.bindsql.error.BindSqlException SYNTAX, BAD_ARGUMENT
   */
  static SqlNode expand(SqlParserPos position, SqlNode function) {
    if (function instanceof SqlCall call
        && call.getOperator().getNameAsId() instanceof SqlIdentifier name
        && named(name) instanceof SearchFunction search) {
      return search.query(SearchQuery.of(search, call));
    }
    return SqlStdOperatorTable.COLLECTION_TABLE.createCall(position, function);
  }

  private static @Nullable SearchFunction named(SqlIdentifier name) {
    for (SearchFunction function : values()) {
      if (name.isSimple() && function.name().equalsIgnoreCase(name.getSimple())) {
        return function;
      }
    }
    return null;
  }
}
