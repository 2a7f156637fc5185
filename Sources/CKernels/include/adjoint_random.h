#ifndef ADJOINT_RANDOM_H
#define ADJOINT_RANDOM_H

#include "adjoint_types.h"

/// Random numbers by Philox 4×32-10, which makes a block of four 32-bit words of a 64-bit key and a counter.
///
/// Element i of a draw takes one word of block counter + i / 4, the (i % 4)th, or where it needs 64 bits
/// (float64 numbers) two words of block counter + i / 2, the first or the last. So a draw may be
/// cut where i is a multiple of 4, and its parts computed in any order.
///
/// - Source: Salmon, Moraes, Dror, Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, 2011,
///   doi:10.1145/2063384.2063405.
typedef struct {
  /// 64 words. `stream` is the upper half of the block's 128-bit counter, 0 in all other draws.
  void (*words)(uint32_t *out, uint64_t key, uint64_t counter, uint64_t stream);
  /// Uniform in [low, high), low < high: 24 random bits for float32, 53 for float64.
  void (*uniform[ADJOINT_REAL_TYPE_COUNT])(void *out, size_t n, double low, double high, uint64_t key,
                                           uint64_t counter);
  /// Normal, by Box and Muller: each even element and the next share a radius and an angle.
  void (*normal[ADJOINT_REAL_TYPE_COUNT])(void *out, size_t n, double mean, double deviation, uint64_t key,
                                          uint64_t counter);
  /// Bytes: 1 with the given probability, in steps of 2^-32, else 0.
  void (*bernoulli)(uint8_t *out, size_t n, double probability, uint64_t key, uint64_t counter);
  /// Marks, as AdjointMarkKernels has them, where bernoulli with probability `keep` would give 1;
  /// out[i] = x[i] * (1 / keep) where i is marked, else 0. out may be x.
  void (*dropout[ADJOINT_REAL_TYPE_COUNT])(void *out, uint8_t *marks, const void *x, size_t n, double keep,
                                           uint64_t key, uint64_t counter);
} AdjointRandomKernels;

#endif
