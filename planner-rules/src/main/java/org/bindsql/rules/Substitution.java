package org.bindsql.rules;

import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/** Replaces references to fields by expressions, also in windows. */
final class Substitution extends RexShuttle {
  private final List<RexNode> fields;

  private Substitution(List<RexNode> fields) {
    this.fields = fields;
  }

  /** The expressions with reference {@code i} replaced by {@code fields.get(i)}. */
  static List<RexNode> of(List<RexNode> expressions, List<RexNode> fields) {
    return new Substitution(fields).visitList(expressions);
  }

  @Override
  public RexNode visitInputRef(RexInputRef ref) {
    return fields.get(ref.getIndex());
  }
}
