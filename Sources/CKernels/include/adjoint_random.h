#ifndef ADJOINT_RANDOM_H
#define ADJOINT_RANDOM_H

#include "adjoint_types.h"

/// Random numbers by Philox 4×32-10, which makes four 32-bit words of a 64-bit key and a 128-bit counter.
///
/// A draw's element i has position p = counter + i. Where an element takes one word (float32, bytes), it is
/// word p % 4 of block p / 4; where it takes two (float64, integers), words 2 (p % 2) and the next of block p
/// / 2. So an element depends on the key and its position only, and a draw may be cut anywhere.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011,
/// doi:10.1145/2063384.2063405.
typedef struct {
  /// out[i] = the word of position counter + i. The upper half of the block's counter is `stream`.
  void (*words)(uint32_t *out, size_t n, uint64_t key, uint64_t counter, uint64_t stream);
  /// Uniform in [low, high): 24 random bits for float32, 53 for float64.
  void (*uniform[ADJOINT_REAL_TYPE_COUNT])(void *out, size_t n, double low, double high, uint64_t key,
                                           uint64_t counter);
  /// Normal, by Box and Muller: each even position and the next share a radius and an angle.
  void (*normal[ADJOINT_REAL_TYPE_COUNT])(void *out, size_t n, double mean, double deviation, uint64_t key,
                                          uint64_t counter);
  /// Bytes: 1 with the given probability, else 0.
  void (*bernoulli)(uint8_t *out, size_t n, double probability, uint64_t key, uint64_t counter);
  /// mask as bernoulli's with probability `keep`; out[i] = mask[i] ? x[i] / keep : 0. out may be x.
  void (*dropout[ADJOINT_REAL_TYPE_COUNT])(void *out, uint8_t *mask, const void *x, size_t n, double keep,
                                           uint64_t key, uint64_t counter);
  /// low + (64 random bits * range) / 2^64: each of the `range` integers within one part in 2^64 / range.
  void (*integers)(int64_t *out, size_t n, int64_t low, uint64_t range, uint64_t key, uint64_t counter);
} AdjointRandomKernels;

#endif
