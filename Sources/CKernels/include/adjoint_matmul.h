#ifndef ADJOINT_MATMUL_H
#define ADJOINT_MATMUL_H

#include "adjoint_types.h"

enum {
  /// Products are summed in blocks of this many, each one after the other from zero, and the blocks' sums are
  /// added in order: on every instruction set, so that all of them round alike.
  ADJOINT_INNER_BLOCK = 256,
  /// The most rows that are multiplied by a matrix where it lies.
  ADJOINT_FEW_ROWS = 6,
};

/// A matrix to read: element (i, j) lies at data[i * row_step + j * column_step].
typedef struct {
  const void *data;
  ptrdiff_t row_step;
  ptrdiff_t column_step;
} AdjointMatrix;

/// The left operand's rows: element k of row i lies at data[i * row_step + k * inner_step].
typedef struct {
  const void *data;
  ptrdiff_t row_step;
  ptrdiff_t inner_step;
  /// Whether the rows, of an inner step of 1, lie further away than in the second cache, and are called for one tile
  /// ahead. Where few columns use them, a processor's own guesses come too late.
  bool are_far;
} AdjointProductRows;

/// The right operand's columns, `tile_columns` of them to a panel: row k of panel p is the `tile_columns`
/// elements from data[p * panel_step + k * inner_step].
typedef struct {
  const void *data;
  ptrdiff_t inner_step;
  ptrdiff_t panel_step;
} AdjointPanels;

/// Where the operands begin that are multiplied next, which lie as those do that are multiplied now: they are called
/// for meanwhile, a little at a time. No result depends on it.
typedef struct {
  /// The rows, of a row step of 1; or NULL.
  const void *rows;
  /// The panels; or NULL.
  const void *panels;
} AdjointNextProduct;

/// What happens to sums before they are stored for the last time, in this order.
typedef struct {
  /// A number for each column, by which sums are multiplied; or NULL. One rounding serves it and the bias.
  const void *scale;
  /// A number for each column, added; or NULL.
  const void *bias;
  /// Numbers that lie as the output does, in memory of their own, added; or NULL.
  const void *addend;
  /// Whether what is not above 0 becomes 0; NaN stays.
  bool rectifies;
  /// Whether whole vectors may be stored past the caches. Then the output and each of its rows begin at a multiple
  /// of 64 bytes.
  bool streams;
} AdjointEpilogue;

/// Where a product goes: element (i, j) to data[row_offsets[i] + j].
typedef struct {
  void *data;
  const ptrdiff_t *row_offsets;
  /// Whether to add to what is there instead of overwriting it.
  bool accumulate;
  AdjointEpilogue epilogue;
} AdjointProduct;

/// The matrix product, in parts that the caller puts together: pack a block of each operand, multiply them,
/// and go on to the next block of the inner dimension, accumulating. All steps are in elements.
typedef struct {
  /// Columns of the register tile.
  size_t tile_columns;
  /// The distance between two rows packed by `pack_rows`.
  size_t packed_row_step;
  /// How many bytes apart the right operand's rows may lie that are read as panels where they are: further apart, a
  /// panel would touch too many pages, and too few sets of the first cache, for what it reads of each.
  size_t unpacked_row_bytes;

  /// Copies a block of the left operand: row i to packed[i * packed_row_step]. `inner` is at most
  /// ADJOINT_INNER_BLOCK.
  void (*pack_rows)(size_t rows, size_t inner, AdjointMatrix matrix, void *packed);

  /// Copies a block of the right operand to panels whose `inner_step` is `tile_columns`; columns missing
  /// from the last panel become zeros.
  void (*pack_columns)(size_t inner, size_t columns, AdjointMatrix matrix, void *packed,
                       ptrdiff_t panel_step);

  /// Multiplies rows, packed or where they lie, by panels of columns. `inner` is at most ADJOINT_INNER_BLOCK;
  /// where it is 0 the products are zeros. The last panel must be readable in full.
  void (*multiply)(size_t rows, size_t columns, size_t inner, AdjointProductRows left, AdjointPanels right,
                   AdjointNextProduct next, AdjointProduct product);

  /// Multiplies at least one and at most ADJOINT_FEW_ROWS rows by a matrix of a column step of 1, which is read once
  /// where it lies. `inner` is at most ADJOINT_INNER_BLOCK; the sums are those of `multiply`.
  void (*multiply_few)(size_t rows, size_t columns, size_t inner, AdjointProductRows left, AdjointMatrix right,
                       AdjointProduct product);

  /// Multiplies rows, which are read once where they lie, best with an inner step of 1, by a column of adjacent numbers.
  /// `inner` is at most ADJOINT_INNER_BLOCK; the sums are those of `multiply`.
  void (*multiply_column)(size_t rows, size_t inner, AdjointProductRows left, const void *column,
                          AdjointProduct product);

  /// Adds matrices up in their order: part p's element (i, j) lies at parts[p * part_step + i * columns + j].
  /// Their sum's element (i, j) goes to output[i * output_step + j]; the output may be the first part, if their rows are
  /// as far apart.
  void (*sum_parts)(size_t rows, size_t columns, size_t parts_count, const void *parts, size_t part_step,
                    void *output, size_t output_step, AdjointEpilogue epilogue);
} AdjointMatmul;

typedef struct {
  const AdjointMatmul *float32;
  const AdjointMatmul *float64;
} AdjointMatmulKernels;

#endif
