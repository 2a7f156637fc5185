#ifndef ADJOINT_RESAMPLING_H
#define ADJOINT_RESAMPLING_H

#include "adjoint_types.h"

/// How each of a number of output rows is a weighted sum of input rows: row r has the terms starts[r] to before
/// starts[r + 1], each with the place of an input row and a weight.
typedef struct {
  size_t input_rows, output_rows;
  const int32_t *starts, *places;
  const double *weights;
} AdjointRowSums;

/// Resampling of one real type.
typedef struct {
  /// Makes rows of `columns` elements, numbered through a batch of images that begins at `x` and `y`: each is the
  /// sum of its terms in their order, 0 where there are none.
  void (*combine_rows)(const AdjointRowSums *sums, const void *x, size_t columns, size_t first_row, size_t rows,
                       void *y);
} AdjointResamplingKernels;

#endif
