#ifndef ADJOINT_REDUCTION_H
#define ADJOINT_REDUCTION_H

#include "adjoint_types.h"

/// How a reduction combines elements. The last two are for bool, the others for every type but bool.
enum {
  ADJOINT_REDUCE_SUM = 0,
  ADJOINT_REDUCE_PRODUCT = 1,
  /// NaN where any element is.
  ADJOINT_REDUCE_MAXIMUM = 2,
  /// NaN where any element is.
  ADJOINT_REDUCE_MINIMUM = 3,
  ADJOINT_REDUCE_SUM_OF_SQUARES = 4,
  ADJOINT_REDUCE_SUM_OF_ABSOLUTES = 5,
  ADJOINT_REDUCE_ANY = 6,
  ADJOINT_REDUCE_ALL = 7,
};

/// Reductions of one element type. Integers wrap around.
///
/// A reduction of nothing gives the operation's identity: 0 for sums, 1 for products, the lowest or highest
/// value for maximum and minimum.
typedef struct {
  /// out[r] is the combination of the `columns` contiguous elements of row r.
  ///
  /// Real numbers are combined in blocks of 1024, each block in 4 × 64 bytes of lanes, the blocks one after
  /// the other in 64 bytes of lanes, and the lanes by halves.
  void (*rows)(int operation, const void *x, size_t rows, size_t columns, void *out);

  /// out[c] is the combination of x[r · row_step + c] over all rows, in blocks of 32 rows.
  void (*columns)(int operation, const void *x, size_t rows, size_t columns, size_t row_step, void *out);

  /// out[r] is the index in row r of its largest (or smallest) element: the first of several, or the first
  /// NaN. `columns` is at least 1.
  void (*extremum_of_rows)(bool largest, const void *x, size_t rows, size_t columns, int64_t *out);

  /// out[c] is the index of the row that holds the largest (or smallest) element of column c, by the same
  /// rule. `rows` is at least 1.
  void (*extremum_of_columns)(bool largest, const void *x, size_t rows, size_t columns, size_t row_step,
                              int64_t *out);

  /// out[r · row_step + c · column_step] is the sum of column c over the rows up to r, or from r on where
  /// `reversed`; one of the steps is 1. Real numbers are summed in double precision.
  void (*cumulative_sum)(bool reversed, const void *x, size_t rows, size_t columns, size_t row_step,
                         size_t column_step, void *out);

  /// out[r · row_step + c] is the product of column c over all rows but r, formed without division: pairs of rows
  /// are multiplied, the first with the first of the second half, until one row is left, and each row gets its
  /// partner times what is outside the pair. `scratch` takes (rows + 64) · columns elements. NULL for integers and
  /// bool.
  void (*products_of_others)(const void *x, size_t rows, size_t columns, size_t row_step, void *scratch,
                             void *out);
} AdjointReductionKernels;

#endif
