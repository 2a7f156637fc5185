#ifndef ADJOINT_COPY_H
#define ADJOINT_COPY_H

#include "adjoint_types.h"

/// out[i] = x[i] converted. Real to integer: toward zero, what is too large or too small becomes the largest
/// or smallest integer, NaN becomes 0. Integer to integer: the low bits. Anything to bool: x != 0.
typedef void (*AdjointCastKernel)(void *out, const void *x, size_t n);

/// out[i] = start + (first + i) * step for i < n, by one multiplication each: of reals in double, then rounded; of
/// integers modulo 2^64, with start and step cast to int64, of which the low bits are kept.
typedef void (*AdjointRangeKernel)(void *out, size_t n, size_t first, double start, double step);

/// Copies of elements of 1, 4 or 8 bytes.
typedef struct {
  /// out(r, c) = x(r, c) for r < rows, c < columns. Fast where the output's step is 1, and x has that or a row stride
  /// of 1.
  void (*strided)(void *out, AdjointPlaces out_places, const void *x, AdjointPlaces x_places, size_t rows,
                  size_t columns, size_t element_bytes);
  /// out[i] = the element at `value`, for i < n.
  void (*fill)(void *out, const void *value, size_t n, size_t element_bytes);
  /// By the type of x, then of out: `cast[ADJOINT_FLOAT32 * ADJOINT_TYPE_COUNT + ADJOINT_INT32]`.
  const AdjointCastKernel *cast;
  /// By element type; NULL for bool.
  const AdjointRangeKernel *range;
} AdjointCopyKernels;

#endif
