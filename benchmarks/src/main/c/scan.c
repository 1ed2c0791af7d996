/*
 * The plain scan that the Java kernels are measured against: one loop over rows, one loop over
 * words, the compiler's own vectorisation (-O3 -march=native).
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline int32_t distance(const uint8_t *a, const uint8_t *b, size_t width) {
  uint64_t sum = 0;
  for (size_t i = 0; i < width; i += 8) {
    uint64_t x, y;
    memcpy(&x, a + i, 8);
    memcpy(&y, b + i, 8);
    sum += (uint64_t)__builtin_popcountll(x ^ y);
  }
  return (int32_t)sum;
}

/* Distances of all rows. */
void scan_distances(const uint8_t *query, const uint8_t *codes, int64_t rows, int64_t width,
                    int32_t *out) {
  for (int64_t i = 0; i < rows; i++) {
    out[i] = distance(query, codes + i * width, (size_t)width);
  }
}

/* Keeps (d, row) in best[0..k), ascending by distance; rows come in ascending order. */
static inline void offer(int32_t d, int64_t row, int32_t *best, int64_t *rows, int k) {
  if (d >= best[k - 1]) {
    return;
  }
  int at = k - 1;
  while (at > 0 && best[at - 1] > d) {
    best[at] = best[at - 1];
    rows[at] = rows[at - 1];
    at--;
  }
  best[at] = d;
  rows[at] = row;
}

static void clear(int32_t *best, int64_t *rows, int k) {
  for (int i = 0; i < k; i++) {
    best[i] = INT32_MAX;
    rows[i] = -1;
  }
}

/* The k nearest of all rows, or of those with wanted[row] != 0 if wanted is not null. */
void scan_top(const uint8_t *query, const uint8_t *codes, int64_t rows, int64_t width,
              const uint8_t *wanted, int32_t k, int32_t *best, int64_t *best_rows) {
  clear(best, best_rows, k);
  for (int64_t i = 0; i < rows; i++) {
    int32_t d = distance(query, codes + i * width, (size_t)width);
    if (wanted == NULL || wanted[i]) {
      offer(d, i, best, best_rows, k);
    }
  }
}

/* The k nearest of the given rows, which are gathered. */
void scan_top_of(const uint8_t *query, const uint8_t *codes, int64_t width, const int32_t *positions,
                 int64_t count, int32_t k, int32_t *best, int64_t *best_rows) {
  clear(best, best_rows, k);
  for (int64_t i = 0; i < count; i++) {
    int64_t row = positions[i];
    offer(distance(query, codes + row * width, (size_t)width), row, best, best_rows, k);
  }
}
