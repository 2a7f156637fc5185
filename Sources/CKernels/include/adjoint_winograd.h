#ifndef ADJOINT_WINOGRAD_H
#define ADJOINT_WINOGRAD_H

#include "adjoint_matmul.h"
#include "adjoint_types.h"

/// How each image of a batch, or a part of it, is covered by tiles of `tile_rows` by `tile_columns` outputs: 4 or 2
/// along an axis of filters of 3 or 2 taps along each, or 3 of 4 taps. Image after image, in `rows` rows of `columns`
/// tiles. Tile (r, c) begins at the image's row `first_row` + r * `tile_rows` * `step` and column `first_column` + c *
/// `tile_columns` * `step`, and has every `step`th place from there; those outside the image are read as zeros and
/// never written.
///
/// Along an axis, a tile has as many points as outputs and taps together, less one. Position (r, c) of points is number
/// r * `points` + c. Where tiles of 2 outputs stand among tiles of 4, as those of 2 taps always do, `points` is that of
/// the tiles of 4: those of 2 lack the two before the last one.
typedef struct {
  size_t tile_rows;
  size_t tile_columns;
  size_t taps;
  size_t points;
  size_t step;
  size_t rows;
  size_t columns;
  ptrdiff_t first_row;
  ptrdiff_t first_column;
  size_t batch;
  size_t height;
  size_t width;
  size_t channels;
} AdjointTiles;

/// A filter of `size` by `size` taps as a matrix at each of its taps: its rows are the input channels and its columns
/// the output channels or, where it `transposes`, the other way around with the taps in reverse. Of each axis it uses
/// every `step`th tap from the `phase` on, which may be -1, and zeros before the first tap and after the last one.
/// Where it `merges`, its rows are the input channels of all phases, of the rows and then of the columns, or so are
/// its columns where it transposes.
typedef struct {
  const void *data;
  size_t size;
  size_t step;
  bool merges;
  ptrdiff_t row_phase;
  ptrdiff_t column_phase;
  size_t input_channels;
  size_t output_channels;
  bool transposes;
} AdjointWinogradFilter;

/// Winograd's convolution F(2×2, 3×3), F(4×4, 3×3), F(4×4, 2×2) or F(3×3, 4×4) in float32. Tiles and filters are taken
/// to points, at each of which convolution is a matrix product; and the products are taken back. Tiles of 2 among those
/// of 4, along either axis or both, share their filter.
///
/// The numbers of one position lie `position_step` elements from those of the one before. A number of the input
/// shows in all outputs of its tile, so where it is NaN or infinite they may all be NaN.
typedef struct {
  /// Takes tiles `first` ..< + `count` of an image, of as many rows and columns as they have points, to these, for the
  /// channels `first_channel` ..< + `channels`, at most ADJOINT_INNER_BLOCK. Tile i's channels go to
  /// points[position * position_step + i * row_step]. Up to 15 elements after the last channel are overwritten.
  void (*transform_image)(const AdjointTiles *tiles, const void *image, size_t first, size_t count,
                          size_t first_channel, size_t channels, void *points, size_t position_step,
                          size_t row_step);

  /// The same for tiles of 4 taps and a step of 2 in which every 2 by 2 places, row by row, are one place with
  /// four times the channels: at most 16, and all of them at once, whatever `first_channel` and `channels` say.
  void (*transform_merged_image)(const AdjointTiles *tiles, const void *image, size_t first, size_t count,
                                 size_t first_channel, size_t channels, void *points, size_t position_step,
                                 size_t row_step);

  /// The same as `transform_image` for the output's gradient, of whose tiles as many places are read as they have
  /// outputs.
  void (*transform_gradient)(const AdjointTiles *tiles, const void *gradient, size_t first, size_t count,
                             size_t first_channel, size_t channels, void *points, size_t position_step,
                             size_t row_step);

  /// Takes a part of a filter's matrices to the points of a whole tile, which has `tile` outputs along an axis, in
  /// panels as `AdjointMatmul.pack_columns` makes them. Columns missing from the last panel's vectors become zeros.
  void (*transform_filter)(const AdjointWinogradFilter *filter, size_t tile, size_t taps, size_t first_row,
                           size_t rows, size_t first_column, size_t columns, void *points,
                           size_t position_step, size_t panel_step);

  /// Takes products back to the output's tiles `first` ..< + `count`, channels `first_channel` ..< +
  /// `channels`. Tile i's numbers lie at product[position * position_step + i * tile_step]; whole vectors are
  /// read. The epilogue is that of the whole output, whose channels are its columns.
  void (*transform_product)(const AdjointTiles *tiles, const void *product, size_t position_step,
                            size_t tile_step, size_t first, size_t count, size_t first_channel, size_t channels,
                            void *output, AdjointEpilogue epilogue);

  /// The same for an output of which every 2 by 2 places, row by row, are one place with four times the channels, at
  /// most 16 and all of them at once, whatever `first_channel` and `channels` say. The epilogue is of no account.
  void (*transform_merged_product)(const AdjointTiles *tiles, const void *product, size_t position_step,
                                   size_t tile_step, size_t first, size_t count, size_t first_channel,
                                   size_t channels, void *output, AdjointEpilogue epilogue);

  /// Takes products back to the gradient of a part of a filter's matrices, which does not transpose them. The
  /// gradient lies as the filter does, whose `data` is of no account. Row i's numbers lie at product[position *
  /// position_step + i * product_row_step]; whole vectors are read.
  void (*transform_filter_gradient)(const AdjointWinogradFilter *filter, size_t tile, size_t taps,
                                    size_t first_row, size_t rows, size_t first_column, size_t columns,
                                    const void *product, size_t position_step, size_t product_row_step,
                                    void *filter_gradient);
} AdjointWinograd;

#endif
