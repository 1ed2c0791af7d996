package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.RelMdUtil;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.FingerprintTable;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Searches a fingerprint column of a table for every row of the input: for the k nearest rows, or
 * for those within a radius; many queries in each pass over the fingerprints.
 *
 * <pre>
 *   SELECT q.*, x.* FROM q, LATERAL (SELECT ... FROM t WHERE ...
 *                                    ORDER BY hamming_distance(t.code, q.code) LIMIT k) AS x
 *   SELECT a.*, b.* FROM a JOIN b ON hamming_distance(a.code, b.code) &lt;= r
 * </pre>
 *
 * <p>{@link CascadeSearch#query()} is a field of the input. The row type holds the input's {@link
 * CascadeJoinForm#inputColumns()}, the table's {@link CascadeSearch#columns()}, the distance and,
 * where the k nearest are wanted, the number of the row, from 1 for the nearest. Without convention
 * it is a logical operator; the rows come in no order that others may rely on.
 */
public final class HdrCascadeJoin extends SingleRel implements ArrowRel {
  /** Name of the field that numbers the rows found for one row of the input. */
  public static final String NUMBER_FIELD = "$number";

  // Comparing a row that is in cache costs a fraction of reading it.
  private static final double SHARE_OF_SCAN = 0.1;

  private final RelOptTable table;
  private final CascadeSearch search;
  private final CascadeJoinForm form;
  private final ConstantCode constants;
  private @Nullable Remainder remainder;

  private HdrCascadeJoin(
      RelTraitSet traits,
      RelNode input,
      RelOptTable table,
      CascadeSearch search,
      CascadeJoinForm form) {
    super(input.getCluster(), traits, input);
    this.table = table;
    this.search = search;
    this.form = form;
    this.constants = new ConstantCode(input.getCluster().getRexBuilder());
  }

  /**
   * Creates a logical join.
   *
   * @param table unwraps to {@link FingerprintTable}
   */
  public static HdrCascadeJoin createLogical(
      RelNode input, RelOptTable table, CascadeSearch search, CascadeJoinForm form) {
    RelTraitSet traits = input.getCluster().traitSetOf(Convention.NONE);
    return new HdrCascadeJoin(traits, input, table, search, form);
  }

  /** The same join of an input in ARROW convention. */
  public HdrCascadeJoin toArrow(RelNode newInput) {
    RelTraitSet traits = getCluster().traitSetOf(ArrowRel.CONVENTION);
    return new HdrCascadeJoin(traits, newInput, table, search, form);
  }

  /** What is searched for. */
  public CascadeSearch search() {
    return search;
  }

  /** What is done beside. */
  public CascadeJoinForm form() {
    return form;
  }

  /** The table that is searched. */
  public FingerprintTable fingerprintTable() {
    return table.unwrapOrThrow(FingerprintTable.class);
  }

  @Override
  public RelOptTable getTable() {
    return table;
  }

  /** Values of the constants that the search needs. */
  ConstantCode constants() {
    return constants;
  }

  /** The remaining conjuncts, made ready at the first run. */
  synchronized Remainder remainder() {
    if (remainder == null) {
      remainder =
          new Remainder(table.getRowType(), getCluster().getRexBuilder(), search.remainder());
    }
    return remainder;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new HdrCascadeJoin(traits, inputs.getFirst(), table, search, form);
  }

  @Override
  protected RelDataType deriveRowType() {
    RelDataTypeFactory factory = getCluster().getTypeFactory();
    RelDataTypeFactory.Builder builder = factory.builder();
    List<RelDataTypeField> inputFields = getInput().getRowType().getFieldList();
    for (int column : form.inputColumns()) {
      builder.add(inputFields.get(column));
    }
    List<RelDataTypeField> fields = table.getRowType().getFieldList();
    for (int column : search.columns()) {
      builder.add(fields.get(column).getName(), found(fields.get(column).getType()));
    }
    builder.add(HdrCascadeRel.DISTANCE_FIELD, found(search.distanceType()));
    if (form.isNearest()) {
      builder.add(NUMBER_FIELD, found(factory.createSqlType(SqlTypeName.BIGINT)));
    }
    return builder.uniquify().build();
  }

  /** The type of what is found, which may be nothing. */
  private RelDataType found(RelDataType type) {
    return form.type() == JoinRelType.LEFT
        ? getCluster().getTypeFactory().createTypeWithNullability(type, true)
        : type;
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return explainItems(super.explainTerms(writer));
  }

  /** Writes what the join is but for its input. */
  RelWriter explainItems(RelWriter writer) {
    List<String> names = table.getRowType().getFieldNames();
    List<String> inputNames = getInput().getRowType().getFieldNames();
    boolean nullsAsUsual =
        !search.radii().isEmpty()
            || form.nullsFirst() == (search.kind() == DistanceKind.SIMILARITY);
    return writer
        .item("table", table.getQualifiedName())
        .item("column", names.get(search.column()))
        .item("mask", search.kind().mask())
        .itemIf("joinType", form.type().lowerName, form.type() != JoinRelType.INNER)
        .itemIf("k", form.k(), form.isNearest())
        .itemIf("radius", search.radii(), !search.radii().isEmpty())
        .itemIf("nulls", form.nullsFirst() ? "FIRST" : "LAST", !nullsAsUsual)
        .item("filter", HdrCascadeRel.conjunction(search.filter()))
        .item("remainder", HdrCascadeRel.conjunction(search.remainder()))
        .itemIf(
            "condition", HdrCascadeRel.conjunction(form.condition()), !form.condition().isEmpty())
        .item("recall", SearchSettings.of(getCluster()).recall())
        .item("distance", search.function())
        .itemIf("queryFirst", true, search.queryFirst())
        .item("query", search.query())
        .item("inputColumns", form.inputColumns().stream().map(inputNames::get).toList())
        .item("columns", search.columns().stream().map(names::get).toList());
  }

  /** Estimated number of rows searched for each row of the input. */
  private double candidates() {
    double rows = Math.max(1, fingerprintTable().estimateRowCount()); // as in a scan
    for (RexNode conjunct : search.filter()) {
      rows *= RelMdUtil.guessSelectivity(conjunct);
    }
    for (RexNode conjunct : search.remainder()) {
      rows *= RelMdUtil.guessSelectivity(conjunct);
    }
    return rows;
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    double found = candidates();
    if (!search.radii().isEmpty()) {
      found *= HdrCascadeRel.RADIUS_SELECTIVITY;
    }
    if (form.isNearest()) {
      RadiusBound rank = form.rank();
      RexNode bound = rank == null ? form.fetch() : rank.value();
      double k =
          bound instanceof RexLiteral literal && RexLiteral.numberValue(literal) != null
              ? RexLiteral.numberValue(literal).doubleValue()
              : 100;
      found = Math.min(found, k);
    }
    for (RexNode conjunct : form.condition()) {
      found *= RelMdUtil.guessSelectivity(conjunct);
    }
    return mq.getRowCount(getInput()) * (form.type() == JoinRelType.LEFT ? 1 + found : found);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    double compared = mq.getRowCount(getInput()) * candidates() * SHARE_OF_SCAN;
    double values = estimateRowCount(mq) * getRowType().getFieldCount();
    return ArrowRel.cheaper(
        planner.getCostFactory().makeCost(compared + values, compared + values, 0));
  }

  @Override
  public BatchReader open(ExecutionContext context) {
    return new CascadeJoinReader(this, getId(), ArrowRel.openProfiled(input, context), context);
  }
}
