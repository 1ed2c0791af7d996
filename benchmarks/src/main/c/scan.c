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

/* The same for short rows. */
void scan_short_distances(const uint8_t *query, const uint8_t *codes, int64_t rows, int64_t width,
                          int16_t *out) {
  for (int64_t i = 0; i < rows; i++) {
    out[i] = (int16_t)distance(query, codes + i * width, (size_t)width);
  }
}

/* Indexes of the distances up to tau; their number. */
int64_t scan_within(const int16_t *distances, int64_t count, int32_t tau, int32_t *positions) {
  int64_t found = 0;
  for (int64_t i = 0; i < count; i++) {
    if (distances[i] <= tau) {
      positions[found++] = (int32_t)i;
    }
  }
  return found;
}

/* Adds the distances of a part of all rows, one part after the other. */
void scan_add_distances(const uint8_t *query, const uint8_t *codes, int64_t rows, int64_t bytes,
                        int32_t *out) {
  for (int64_t i = 0; i < rows; i++) {
    out[i] += distance(query, codes + i * bytes, (size_t)bytes);
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

/* Distances of a row to four queries that follow each other in memory; the row is read once. */
static inline void tile(const uint8_t *queries, const uint8_t *row, int64_t width, int32_t *out) {
  uint64_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (int64_t j = 0; j < width; j += 8) {
    uint64_t x, a, b, c, d;
    memcpy(&x, row + j, 8);
    memcpy(&a, queries + j, 8);
    memcpy(&b, queries + width + j, 8);
    memcpy(&c, queries + 2 * width + j, 8);
    memcpy(&d, queries + 3 * width + j, 8);
    s0 += (uint64_t)__builtin_popcountll(x ^ a);
    s1 += (uint64_t)__builtin_popcountll(x ^ b);
    s2 += (uint64_t)__builtin_popcountll(x ^ c);
    s3 += (uint64_t)__builtin_popcountll(x ^ d);
  }
  out[0] = (int32_t)s0;
  out[1] = (int32_t)s1;
  out[2] = (int32_t)s2;
  out[3] = (int32_t)s3;
}

/* The k nearest of all rows to each of four queries that follow each other in memory. best and
 * best_rows hold k results per query. */
void scan_top_four(const uint8_t *queries, const uint8_t *codes, int64_t rows, int64_t width,
                   int32_t k, int32_t *best, int64_t *best_rows) {
  clear(best, best_rows, 4 * k);
  for (int64_t i = 0; i < rows; i++) {
    int32_t d[4];
    tile(queries, codes + i * width, width, d);
    for (int q = 0; q < 4; q++) {
      offer(d[q], i, best + q * k, best_rows + q * k, k);
    }
  }
}

/* Sum of all words: what reading the memory once costs at least. */
int64_t scan_read(const uint8_t *codes, int64_t bytes) {
  uint64_t sum = 0;
  for (int64_t i = 0; i < bytes; i += 8) {
    uint64_t x;
    memcpy(&x, codes + i, 8);
    sum += x;
  }
  return (int64_t)sum;
}

#ifdef __linux__
#include <sys/mman.h>
#endif

/* Asks for huge pages; where there are none, nothing changes. */
void scan_advise(void *memory, int64_t bytes) {
#ifdef MADV_HUGEPAGE
  madvise(memory, (size_t)bytes, MADV_HUGEPAGE);
#endif
}

/* Distances of each row to each of four queries: row i and query j at j * rows + i. */
void scan_tile(const uint8_t *queries, const uint8_t *codes, int64_t rows, int64_t width,
               int32_t *out) {
  for (int64_t i = 0; i < rows; i++) {
    int32_t d[4];
    tile(queries, codes + i * width, width, d);
    for (int q = 0; q < 4; q++) {
      out[q * rows + i] = d[q];
    }
  }
}

/* Distances of one query to vertical sketches: blocks of 8 rows, word w of row r at byte
 * 64 * w + 8 * r of its block; only bits of the mask count. */
void scan_sketch(const uint64_t *query, const uint64_t *mask, const uint64_t *sketches,
                 int64_t blocks, int64_t words, int16_t *out) {
  for (int64_t b = 0; b < blocks; b++) {
    uint64_t sum[8] = {0};
    for (int64_t w = 0; w < words; w++) {
      for (int r = 0; r < 8; r++) {
        sum[r] += (uint64_t)__builtin_popcountll((sketches[(b * words + w) * 8 + r] ^ query[w]) & mask[w]);
      }
    }
    for (int r = 0; r < 8; r++) {
      out[8 * b + r] = (int16_t)sum[r];
    }
  }
}
