#ifndef ADJOINT_TYPES_H
#define ADJOINT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Element types. Tables of kernels by type are indexed by these values.
enum {
  ADJOINT_FLOAT32 = 0,
  ADJOINT_FLOAT64 = 1,
  ADJOINT_INT32 = 2,
  ADJOINT_INT64 = 3,
  ADJOINT_UINT8 = 4,
  ADJOINT_BOOL = 5,
  ADJOINT_TYPE_COUNT = 6,
  /// Kernels of real numbers only have one entry for float32 and one for float64.
  ADJOINT_REAL_TYPE_COUNT = 2,
};

/// Where an operand's elements lie: element (r, c) at r * row_stride + c * step, in elements. Both may be negative.
typedef struct {
  ptrdiff_t row_stride;
  ptrdiff_t step;
} AdjointPlaces;

#endif
