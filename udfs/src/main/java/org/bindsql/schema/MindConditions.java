package org.bindsql.schema;

import java.util.OptionalInt;
import java.util.function.Predicate;

/** The predicate members {@code ani}, {@code nars} and {@code rl}. */
final class MindConditions {
  private static final int ACTIONS = 16;
  private static final int REWARDS = 8;

  private MindConditions() {}

  static Predicate<SchemaSidecar> ani(JsonValue value) {
    Conditions conditions =
        new Conditions(
            value, "level", "min_level", "min_activation", "any_min_activation", "dominant");
    JsonValue level = conditions.get("level", "min_level");
    JsonValue least = conditions.get("min_activation");
    if (level != null) {
      int index = level.nameOrIndex(SchemaNames.LEVELS);
      int min = least == null ? 1 : least.integer(0, 65535);
      conditions.add(sidecar -> sidecar.get(SchemaArray.ANI, index) >= min);
    } else if (least != null) {
      throw value.unexpected("a level beside min_activation");
    }
    return conditions
        .when(
            "any_min_activation",
            json -> {
              int min = json.integer(0, 65535);
              return sidecar -> anyActivation(sidecar, min);
            })
        .when(
            "dominant",
            json -> {
              int index = json.nameOrIndex(SchemaNames.LEVELS);
              return sidecar -> sidecar.dominantLevel().equals(OptionalInt.of(index));
            })
        .build();
  }

  private static boolean anyActivation(SchemaSidecar sidecar, int min) {
    for (int i = 0; i < SchemaArray.ANI.length(); i++) {
      if (sidecar.get(SchemaArray.ANI, i) >= min) {
        return true;
      }
    }
    return false;
  }

  static Predicate<SchemaSidecar> nars(JsonValue value) {
    Conditions conditions =
        new Conditions(
            value,
            "min_frequency",
            "max_frequency",
            "min_confidence",
            "min_priority",
            "min_durability",
            "min_quality",
            "min_expectation");
    unitAtLeast(conditions, "min_frequency", SchemaField.FREQUENCY);
    unitAtLeast(conditions, "min_priority", SchemaField.PRIORITY);
    unitAtLeast(conditions, "min_durability", SchemaField.DURABILITY);
    unitAtLeast(conditions, "min_quality", SchemaField.QUALITY);
    return conditions
        .when(
            "max_frequency",
            json -> {
              int max = Quantiser.unit(json.real(0, 1));
              return sidecar -> sidecar.get(SchemaField.FREQUENCY) <= max;
            })
        .when(
            "min_confidence",
            json -> {
              int min = Quantiser.confidence(json.real(0, 1));
              return sidecar -> sidecar.get(SchemaField.CONFIDENCE) >= min;
            })
        .when(
            "min_expectation",
            json -> {
              int min = Quantiser.unit(json.real(0, 1));
              return sidecar -> Quantiser.unit(sidecar.truth().expectation()) >= min;
            })
        .build();
  }

  private static void unitAtLeast(Conditions conditions, String key, SchemaField field) {
    conditions.when(
        key,
        json -> {
          int min = Quantiser.unit(json.real(0, 1));
          return sidecar -> sidecar.get(field) >= min;
        });
  }

  static Predicate<SchemaSidecar> rl(JsonValue value) {
    return new Conditions(value, "min_best_q", "best_action", "min_avg_reward", "positive_trend")
        .when(
            "min_best_q",
            json -> {
              int min = Quantiser.q(json.real(-1, 1));
              return sidecar -> sidecar.bestQ() >= min;
            })
        .when(
            "best_action",
            json -> {
              int action = json.integer(0, ACTIONS - 1);
              return sidecar -> sidecar.bestAction().equals(OptionalInt.of(action));
            })
        .when(
            "min_avg_reward",
            json -> {
              int min = REWARDS * Quantiser.reward(json.real(-1, 1));
              return sidecar -> sidecar.rewardSum(0, REWARDS) >= min;
            })
        .when(
            "positive_trend",
            json -> {
              boolean positive = json.bool();
              return sidecar -> (trend(sidecar) > 0) == positive;
            })
        .build();
  }

  /** Sum of the newest four rewards less that of the oldest four: the sign of the trend. */
  private static int trend(SchemaSidecar sidecar) {
    return sidecar.rewardSum(REWARDS / 2, REWARDS) - sidecar.rewardSum(0, REWARDS / 2);
  }
}
