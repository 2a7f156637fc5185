#ifndef ADJOINT_MARKS_H
#define ADJOINT_MARKS_H

#include "adjoint_types.h"

/// Marks: a bit for each element, that of element i being bit i % 8 of byte i / 8. Kernels write marks in whole
/// vectors of 16 elements, so there must be room for those; the bits of elements that do not exist mean nothing.
typedef struct {
  /// out[i] = max(0, x[i]), and NaN stays; marks what is above 0. out may be x.
  void (*rectify[ADJOINT_REAL_TYPE_COUNT])(void *out, uint8_t *marks, const void *x, size_t n);
  /// out[i] = x[i] * factor where i is marked, else 0. out may be x.
  void (*scale_marked[ADJOINT_REAL_TYPE_COUNT])(void *out, const uint8_t *marks, const void *x, double factor,
                                                size_t n);
  /// Bytes: 1 where an element is marked, else 0.
  void (*expand)(uint8_t *out, const uint8_t *marks, size_t n);
} AdjointMarkKernels;

#endif
