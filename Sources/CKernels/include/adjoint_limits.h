#ifndef ADJOINT_LIMITS_H
#define ADJOINT_LIMITS_H

#include "adjoint_types.h"

/// What shows how fast a processor can be at most.
typedef struct {
  /// Rounds of float32 multiply-adds that touch registers only. Returns how many additions and multiplications
  /// they were; what was computed goes to `out`, 16 elements, so that it is computed at all.
  double (*multiply_add)(size_t rounds, float *out);
} AdjointLimitKernels;

#endif
