package org.bindsql.functions;

import static org.apache.calcite.sql.type.SqlTypeName.BOOLEAN;
import static org.apache.calcite.sql.type.SqlTypeName.DOUBLE;
import static org.apache.calcite.sql.type.SqlTypeName.INTEGER;
import static org.apache.calcite.sql.type.SqlTypeName.REAL;
import static org.apache.calcite.sql.type.SqlTypeName.SMALLINT;
import static org.apache.calcite.sql.type.SqlTypeName.VARCHAR;
import static org.bindsql.functions.Definitions.ONE_RECORD;
import static org.bindsql.functions.Definitions.ONE_TRUTH;
import static org.bindsql.functions.Definitions.RECORD_RESULT;
import static org.bindsql.functions.Definitions.TRUTH;
import static org.bindsql.functions.Definitions.TWO_ARRAYS;
import static org.bindsql.functions.Definitions.TWO_CODES;
import static org.bindsql.functions.Definitions.TWO_RECORDS;
import static org.bindsql.functions.Definitions.function;
import static org.bindsql.functions.Definitions.hamming;
import static org.bindsql.functions.Definitions.permute;
import static org.bindsql.functions.Definitions.rule;
import static org.bindsql.functions.Definitions.similarity;
import static org.bindsql.functions.Definitions.xor;
import static org.bindsql.functions.OperandKind.CODE;
import static org.bindsql.functions.OperandKind.CODE_OR_INTEGER;
import static org.bindsql.functions.OperandKind.NUMBER;
import static org.bindsql.functions.OperandKind.RECORD;
import static org.bindsql.functions.OperandKind.TEXT;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.bindsql.schema.SchemaPredicate;
import org.bindsql.schema.Truth;

/**
 * The SQL functions of BindSQL: constants to build plans with, and an operator table to chain with
 * Calcite's standard one. {@code docs/sql-functions.md} describes each.
 *
 * <p>A code is a binary value of any length, a record one of 2,048 bytes. NULL in, NULL out.
 */
public final class Functions {
  /** Number of differing bits of two codes of equal length. */
  public static final BindFunction HAMMING_DISTANCE = hamming("HAMMING_DISTANCE");

  /** Alias of {@link #HAMMING_DISTANCE}. */
  public static final BindFunction HAMMING = hamming("HAMMING");

  /** Number of differing bits of two records' words 0-207. */
  public static final BindFunction SEMANTIC_DISTANCE =
      function(
          "SEMANTIC_DISTANCE",
          TWO_RECORDS,
          Results.of(INTEGER),
          Distances::semantic,
          () -> new DistanceFunction("semantic_distance", true));

  /** Share of equal bits of two codes of equal length, 1 - H / bits. */
  public static final BindFunction SIMILARITY = similarity("SIMILARITY");

  /** Alias of {@link #SIMILARITY}. */
  public static final BindFunction VECTOR_SIMILARITY = similarity("VECTOR_SIMILARITY");

  /** Number of bits set in a code or in a 64-bit integer. */
  public static final BindFunction POPCOUNT =
      function(
          "POPCOUNT", Operands.of("x", CODE_OR_INTEGER), Results.of(INTEGER), Distances::popcount);

  /** XOR of two codes of equal length. */
  public static final BindFunction XOR_BIND = xor("XOR_BIND", TWO_CODES);

  /** Alias of {@link #XOR_BIND}. */
  public static final BindFunction VECTOR_BIND = xor("VECTOR_BIND", TWO_CODES);

  /** XOR of an edge and one of its parts, which undoes {@link #XOR_BIND}. */
  public static final BindFunction XOR_UNBIND =
      xor("XOR_UNBIND", Operands.of("edge", CODE, "key", CODE));

  /** XOR of subject, verb and object. */
  public static final BindFunction XOR_BIND3 =
      xor("XOR_BIND3", Operands.of("s", CODE, "v", CODE, "o", CODE));

  /** XOR of words 0-207, with the left record's schema words. */
  public static final BindFunction SEMANTIC_XOR_BIND =
      function("SEMANTIC_XOR_BIND", TWO_RECORDS, RECORD_RESULT, Algebra::semanticXor);

  /** Inverse of {@link #SEMANTIC_XOR_BIND}. */
  public static final BindFunction SEMANTIC_XOR_UNBIND =
      function("SEMANTIC_XOR_UNBIND", TWO_RECORDS, RECORD_RESULT, Algebra::semanticXor);

  /** Majority of each bit of one or more codes; a tie takes the first code's bit. */
  public static final BindFunction BUNDLE =
      function("BUNDLE", Operands.of("a", CODE).repeated(), Results.sameLength(), Algebra::bundle);

  /** Majority over words 0-207, with the first record's schema words. */
  public static final BindFunction SEMANTIC_BUNDLE =
      function(
          "SEMANTIC_BUNDLE",
          Operands.of("a", RECORD).repeated(),
          RECORD_RESULT,
          Algebra::semanticBundle);

  /** Aggregate: majority of each bit of a group's codes. */
  public static final BundleAggregate BUNDLE_AGG =
      new BundleAggregate("BUNDLE_AGG", Operands.of("a", CODE));

  /** Rotation of a code left by k bits; to be quoted where PERMUTE is a reserved word. */
  public static final BindFunction PERMUTE = permute("PERMUTE");

  /** Alias of {@link #PERMUTE} that needs no quotes. */
  public static final BindFunction VECTOR_PERMUTE = permute("VECTOR_PERMUTE");

  /** Rotation of a record's 13,312 semantic bits. */
  public static final BindFunction SEMANTIC_PERMUTE =
      function(
          "SEMANTIC_PERMUTE",
          Operands.of("v", RECORD, "k", OperandKind.INTEGER),
          RECORD_RESULT,
          Algebra::semanticPermute);

  /** XOR of three codes: what c is to, as b is to a. */
  public static final BindFunction ANALOGY =
      xor("ANALOGY", Operands.of("a", CODE, "b", CODE, "c", CODE));

  /** Whether a record's schema passes a predicate in JSON. */
  public static final BindFunction SCHEMA_PASSES =
      function(
          "SCHEMA_PASSES",
          Operands.of("fp", RECORD, "json", TEXT).checkingLiteral(SchemaPredicate::compile),
          Results.of(BOOLEAN),
          SchemaReading::passes,
          PredicateFunction::new);

  /** Activation of ANI level 0-7. */
  public static final BindFunction ANI_LEVEL =
      function(
          "ANI_LEVEL",
          Operands.of("fp", RECORD, "level", OperandKind.INTEGER),
          Results.nullable(INTEGER),
          SchemaReading::aniLevel);

  /** ANI level with the greatest activation. */
  public static final BindFunction ANI_DOMINANT =
      function("ANI_DOMINANT", ONE_RECORD, Results.nullable(SMALLINT), SchemaReading::aniDominant);

  /** Truth value of a record as ROW(f, c). */
  public static final BindFunction NARS_TRUTH =
      function(
          "NARS_TRUTH",
          ONE_RECORD,
          new Results.OfRow(List.of("f", "c"), List.of(REAL, REAL), true),
          SchemaReading::truth);

  /** NARS frequency of a record. */
  public static final BindFunction NARS_F =
      function("NARS_F", ONE_RECORD, Results.nullable(REAL), SchemaReading::frequency);

  /** NARS confidence of a record. */
  public static final BindFunction NARS_C =
      function("NARS_C", ONE_RECORD, Results.nullable(REAL), SchemaReading::confidence);

  /** Version of a record's schema, 0 for none. */
  public static final BindFunction SCHEMA_VERSION =
      function("SCHEMA_VERSION", ONE_RECORD, Results.of(SMALLINT), SchemaReading::version);

  /** Every field of a record's schema as JSON. */
  public static final BindFunction SCHEMA_JSON =
      function("SCHEMA_JSON", ONE_RECORD, Results.nullable(VARCHAR), SchemaReading::json);

  /** Fold of a code to 40 bits. */
  public static final BindFunction EXTRACT_SCENT =
      function(
          "EXTRACT_SCENT", Operands.of("fp", CODE), Results.binary(5), Estimates::extractScent);

  /** Number of differing bits of two scents. */
  public static final BindFunction SCENT_DISTANCE =
      function("SCENT_DISTANCE", TWO_CODES, Results.of(INTEGER), Estimates::scentDistance);

  /** Estimate of the Hamming distance of two records from seven sampled words. */
  public static final BindFunction BELICHTUNG =
      function("BELICHTUNG", TWO_RECORDS, Results.of(INTEGER), Estimates::belichtung);

  /** Number of differing 64-bit words of two codes. */
  public static final BindFunction WORD_DIFF =
      function("WORD_DIFF", TWO_CODES, Results.of(INTEGER), Estimates::wordDiff);

  /** Response of a distance: positive near, negative farther, zero far. */
  public static final BindFunction MEXICAN_HAT =
      function(
          "MEXICAN_HAT",
          Operands.of("d", NUMBER, "excitation", NUMBER, "inhibition", NUMBER, "strength", NUMBER)
              .optionalFrom(1),
          Results.of(DOUBLE),
          Estimates::mexicanHat);

  /** Distance that counts less, by a share, if it is to a neighbour. */
  public static final BindFunction BLOOM_SCORE =
      function(
          "BLOOM_SCORE",
          Operands.of("d", OperandKind.INTEGER, "neighbor", OperandKind.BOOLEAN, "bonus", NUMBER),
          Results.of(INTEGER),
          Scores::bloom);

  /** Mean of a distance's share of all bits and a Q-value's distance from 1, weighted. */
  public static final BindFunction RL_SCORE =
      function(
          "RL_SCORE",
          Operands.of(
              "d", OperandKind.INTEGER, "bits", OperandKind.INTEGER, "q", NUMBER, "alpha", NUMBER),
          Results.of(DOUBLE),
          Scores::reward);

  /** Hamming distance, NULL if it exceeds a threshold. */
  public static final BindFunction CASCADE_FILTER =
      function(
          "CASCADE_FILTER",
          Operands.of("query", CODE, "candidate", CODE, "threshold", OperandKind.INTEGER),
          Results.nullable(INTEGER),
          Estimates::cascadeFilter);

  /** Whether a record's bloom filter may contain a neighbour. */
  public static final BindFunction BLOOM_MIGHT_CONTAIN =
      function(
          "BLOOM_MIGHT_CONTAIN",
          Operands.of("fp", RECORD, "id", OperandKind.INTEGER),
          Results.nullable(BOOLEAN),
          SchemaReading::mightContain);

  /** Action with the greatest Q-value. */
  public static final BindFunction BEST_ACTION =
      function("BEST_ACTION", ONE_RECORD, Results.nullable(INTEGER), SchemaReading::bestAction);

  /** Greatest Q-value. */
  public static final BindFunction BEST_Q =
      function("BEST_Q", ONE_RECORD, Results.nullable(REAL), SchemaReading::bestQ);

  /** Graph metrics of a record as ROW. */
  public static final BindFunction GRAPH_METRICS =
      function(
          "GRAPH_METRICS",
          ONE_RECORD,
          new Results.OfRow(
              List.of("pagerank", "hop_to_root", "cluster_id", "degree", "in_degree", "out_degree"),
              Collections.nCopies(6, INTEGER),
              true),
          SchemaReading::graphMetrics);

  /** Edge record of two records, sidecars combined. */
  public static final BindFunction SCHEMA_BIND =
      function("SCHEMA_BIND", TWO_RECORDS, RECORD_RESULT, RecordMaking::schemaBind);

  /** Record of one entity from two, sidecars combined. */
  public static final BindFunction SCHEMA_MERGE =
      function("SCHEMA_MERGE", TWO_RECORDS, RECORD_RESULT, RecordMaking::schemaMerge);

  /** NARS deduction. */
  public static final BindFunction NARS_DEDUCTION = rule("NARS_DEDUCTION", Truth::deduction);

  /** NARS revision. */
  public static final BindFunction NARS_REVISION = rule("NARS_REVISION", Truth::revision);

  /** NARS induction. */
  public static final BindFunction NARS_INDUCTION = rule("NARS_INDUCTION", Truth::induction);

  /** NARS abduction. */
  public static final BindFunction NARS_ABDUCTION = rule("NARS_ABDUCTION", Truth::abduction);

  /** NARS analogy. */
  public static final BindFunction NARS_ANALOGY = rule("NARS_ANALOGY", Truth::analogy);

  /** NARS comparison. */
  public static final BindFunction NARS_COMPARISON = rule("NARS_COMPARISON", Truth::comparison);

  /** NARS negation. */
  public static final BindFunction NARS_NEGATION =
      function("NARS_NEGATION", ONE_TRUTH, TRUTH, NarsRules::negation);

  /** NARS intersection. */
  public static final BindFunction NARS_INTERSECTION =
      rule("NARS_INTERSECTION", Truth::intersection);

  /** NARS union. */
  public static final BindFunction NARS_UNION = rule("NARS_UNION", Truth::union);

  /** NARS expectation. */
  public static final BindFunction NARS_EXPECTATION =
      function("NARS_EXPECTATION", ONE_TRUTH, Results.of(DOUBLE), NarsRules::expectation);

  /** Record whose nearness to others is likeness of texts. */
  public static final BindFunction TEXT_FINGERPRINT =
      function(
          "TEXT_FINGERPRINT",
          Operands.of("text", TEXT),
          RECORD_RESULT,
          RecordMaking::textFingerprint);

  /** Content hash vector of a text. */
  public static final BindFunction FINGERPRINT_OF =
      function(
          "FINGERPRINT_OF", Operands.of("text", TEXT), RECORD_RESULT, RecordMaking::fingerprintOf);

  /** Record of words 0-207 and a schema in JSON. */
  public static final BindFunction MAKE_FINGERPRINT =
      function(
          "MAKE_FINGERPRINT",
          Operands.of("semantic", CODE, "schema_json", TEXT)
              .checkingLiteral(Definitions::checkSchemaJson),
          RECORD_RESULT,
          RecordMaking::makeFingerprint);

  /** Euclidean distance of two arrays. */
  public static final BindFunction L2_DISTANCE =
      function("L2_DISTANCE", TWO_ARRAYS, Results.of(DOUBLE), NumberArrays::l2);

  /** Cosine distance of two arrays. */
  public static final BindFunction COSINE_DISTANCE =
      function("COSINE_DISTANCE", TWO_ARRAYS, Results.of(DOUBLE), NumberArrays::cosine);

  /** Inner product of two arrays. */
  public static final BindFunction INNER_PRODUCT =
      function("INNER_PRODUCT", TWO_ARRAYS, Results.of(DOUBLE), NumberArrays::inner);

  private static final Map<SqlOperator, SqlOperator> ALIASES =
      Map.of(
          HAMMING,
          HAMMING_DISTANCE,
          VECTOR_SIMILARITY,
          SIMILARITY,
          VECTOR_BIND,
          XOR_BIND,
          VECTOR_PERMUTE,
          PERMUTE);

  /** Every function and aggregate, aliases included. */
  public static final List<SqlOperator> ALL =
      List.of(
          HAMMING_DISTANCE,
          HAMMING,
          SEMANTIC_DISTANCE,
          SIMILARITY,
          VECTOR_SIMILARITY,
          POPCOUNT,
          XOR_BIND,
          VECTOR_BIND,
          XOR_UNBIND,
          XOR_BIND3,
          SEMANTIC_XOR_BIND,
          SEMANTIC_XOR_UNBIND,
          BUNDLE,
          SEMANTIC_BUNDLE,
          BUNDLE_AGG,
          PERMUTE,
          VECTOR_PERMUTE,
          SEMANTIC_PERMUTE,
          ANALOGY,
          SCHEMA_PASSES,
          ANI_LEVEL,
          ANI_DOMINANT,
          NARS_TRUTH,
          NARS_F,
          NARS_C,
          SCHEMA_VERSION,
          SCHEMA_JSON,
          EXTRACT_SCENT,
          SCENT_DISTANCE,
          BELICHTUNG,
          WORD_DIFF,
          MEXICAN_HAT,
          BLOOM_SCORE,
          RL_SCORE,
          CASCADE_FILTER,
          BLOOM_MIGHT_CONTAIN,
          BEST_ACTION,
          BEST_Q,
          GRAPH_METRICS,
          SCHEMA_BIND,
          SCHEMA_MERGE,
          NARS_DEDUCTION,
          NARS_REVISION,
          NARS_INDUCTION,
          NARS_ABDUCTION,
          NARS_ANALOGY,
          NARS_COMPARISON,
          NARS_NEGATION,
          NARS_INTERSECTION,
          NARS_UNION,
          NARS_EXPECTATION,
          TEXT_FINGERPRINT,
          FINGERPRINT_OF,
          MAKE_FINGERPRINT,
          L2_DISTANCE,
          COSINE_DISTANCE,
          INNER_PRODUCT);

  private static final SqlOperatorTable TABLE = SqlOperatorTables.of(ALL);

  private Functions() {}

  /** The functions, to be chained with Calcite's standard operators. */
  public static SqlOperatorTable operatorTable() {
    return TABLE;
  }

  /** The function an alias stands for; any other operator is returned as it is. */
  public static SqlOperator canonical(SqlOperator operator) {
    return ALIASES.getOrDefault(operator, operator);
  }
}
