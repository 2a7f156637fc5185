#ifndef ADJOINT_INDEXING_H
#define ADJOINT_INDEXING_H

#include "adjoint_types.h"

/// Reading, adding and sorting by index, for one element type. Indices must lie in their range. A NaN counts as larger
/// than every number.
typedef struct {
  /// Row o · count + i of y is row indices[i] of matrix o of x, whose matrices have `x_rows` rows of `columns`
  /// elements. Writes `rows` rows of y, which begins at `y`, from row `first` on.
  void (*take_rows)(const void *x, size_t x_rows, size_t columns, const int64_t *indices, size_t count,
                    size_t first, size_t rows, void *y);

  /// Sets rows first_row ..< first_row + rows of `sums` to the sums of those rows of x whose index they are,
  /// added in ascending order. Reads all indices.
  void (*scatter_add_rows)(const void *x, size_t columns, const int64_t *indices, size_t count,
                           size_t first_row, size_t rows, void *sums);

  /// y[r, c] = x[indices[r, c], c] for `columns` columns of arrays whose rows are `row_step` apart.
  void (*gather)(const void *x, const int64_t *indices, size_t rows, size_t columns, size_t row_step,
                 void *y);

  /// Sets sums[r, c], of `sum_rows` rows, to the sum of those x[k, c] whose index r is, in ascending order.
  void (*scatter_add)(const void *x, const int64_t *indices, size_t rows, size_t columns, size_t row_step,
                      size_t sum_rows, void *sums);

  /// y[i, c] is 1 where c is indices[i], else 0; an index out of range gives a row of zeros.
  void (*one_hot)(const int64_t *indices, size_t count, size_t classes, void *y);

  /// Sorts each row, equal elements in the order they had, and tells where each came from. `scratch` takes
  /// 3 · `columns` numbers.
  void (*sort_rows)(bool descending, const void *x, size_t rows, size_t columns, int64_t *scratch, void *y,
                    int64_t *indices);

  /// The first `count` elements of each row sorted in descending order; for few of them, as the time is proportional
  /// to `columns` · `count` at worst. `count` is at most `columns`.
  void (*top_of_rows)(const void *x, size_t rows, size_t columns, size_t count, void *y, int64_t *indices);
} AdjointIndexingKernels;

#endif
