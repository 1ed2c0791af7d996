package org.bindsql.duel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bindsql.schema.NeighborBloom;
import org.bindsql.schema.SchemaArray;
import org.bindsql.schema.SchemaSidecar;
import org.jspecify.annotations.Nullable;

/** Codes of one width: around a few centres, many of them equal, so that distances tie. */
final class Codes {
  static final int[] WIDTHS = {
    8, 8, 9, 13, 16, 31, 32, 64, 100, 255, 256, 257, 511, 512, 513, 1000, 2048, 2048, 4096, 8191,
    8192
  };

  private final int width;
  private final List<byte[]> centres = new ArrayList<>();

  Codes(int width, Random random) {
    this.width = width;
    for (int i = 0; i < 6; i++) {
      byte[] centre = new byte[width];
      random.nextBytes(centre);
      if (width == SchemaSidecar.RECORD_BYTES && i % 2 == 0) {
        SchemaSidecar sidecar = SchemaSidecar.of(centre).initialize();
        for (int j = 0; j < 6; j++) {
          NeighborBloom.add(sidecar, random.nextInt(12));
          sidecar.set(SchemaArray.Q_VALUES, j, random.nextInt(255) - 127);
        }
      }
      centres.add(centre);
    }
  }

  int width() {
    return width;
  }

  /** Near to a centre, equal to it, or noise. */
  byte[] next(Random random) {
    byte[] code = centres.get(random.nextInt(centres.size())).clone();
    switch (random.nextInt(8)) {
      case 0 -> random.nextBytes(code);
      case 1, 2 -> flip(code, random.nextInt(3), random);
      case 3 -> flip(code, random.nextInt(1 + width * 3), random);
      default -> flip(code, random.nextInt(1 + width / 2), random);
    }
    return code;
  }

  /** Flips bits, those before the schema of a record only. */
  private void flip(byte[] code, int times, Random random) {
    int bytes = width == SchemaSidecar.RECORD_BYTES ? Measure.SEMANTIC_BYTES : width;
    for (int i = 0; i < times; i++) {
      int bit = random.nextInt(bytes * 8);
      code[bit >> 3] ^= (byte) (1 << (bit & 7));
    }
  }

  Row row(int id, boolean nulls, Random random) {
    return new Row(
        id,
        nulls && random.nextInt(12) == 0 ? null : next(random),
        random.nextInt(100),
        tag(random));
  }

  private static @Nullable String tag(Random random) {
    return random.nextInt(6) == 0 ? null : "tag" + random.nextInt(5);
  }
}
