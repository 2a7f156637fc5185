#ifndef ADJOINT_CONVOLUTION_H
#define ADJOINT_CONVOLUTION_H

#include "adjoint_matmul.h"
#include "adjoint_types.h"

/// One spatial axis of a convolution: the window at place g of the grid reads, with its tap t, the image's
/// place g * stride + first_offset + t * offset_step, or a zero where the image has no such place.
typedef struct {
  size_t image_size;
  /// Elements from one place of the image to the next.
  ptrdiff_t image_step;
  size_t grid_size;
  ptrdiff_t stride;
  size_t tap_count;
  ptrdiff_t first_offset;
  ptrdiff_t offset_step;
} AdjointWindowAxis;

/// The windows that a convolution reads from a batch of images. They are numbered by batch, depth, height and
/// width; the elements of one window by its taps' depth, height and width, then by channel.
typedef struct {
  /// The first channel to read of the first image's first place; the channels of a place are adjacent.
  const void *image;
  ptrdiff_t batch_step;
  AdjointWindowAxis depth;
  AdjointWindowAxis height;
  AdjointWindowAxis width;
  size_t channels;
} AdjointWindows;

/// Part of a grid: some of its rows, which are numbered by batch, depth and height, and some places of each,
/// at least one.
typedef struct {
  size_t first_row;
  size_t row_count;
  size_t first_place;
  size_t place_count;
} AdjointGridPart;

enum {
  /// The kernels that read windows in place keep so many addresses: no more may be the product of the depth's
  /// and the height's reaches, from the first tap to the last; nor the number of taps, where those of a row
  /// do not read adjacent elements.
  ADJOINT_MOST_RUNS = 64,
  /// So many rows of windows, one below the other, they read at a time at most.
  ADJOINT_ROWS_AT_ONCE = 5,
  /// The most rows of the grid whose planes are kept at a time.
  ADJOINT_PLANE_ROWS = 16,
};

/// Convolution: windows as an operand of the matrix product, so that no matrix of windows need exist; and
/// depthwise convolution, where each channel has a filter of its own; windows read in place, where these
/// need not be packed; by planes, where there are few channels; and with few channels to a group.
typedef struct {
  /// Packs elements `inner_first` ..< + `inner` of windows `first` ..< + `rows` as
  /// `AdjointMatmul.pack_rows` does: a window is a row.
  void (*pack_rows)(const AdjointWindows *windows, size_t first, size_t rows, size_t inner_first,
                    size_t inner, void *packed);

  /// The windows of a part of the grid times a filter, whose rows are a window's elements, packed as panels
  /// of `tile_columns`. The product of the window that is number g in the grid goes to
  /// output[g * output_step], after what the epilogue says of the whole output. `scratch` holds the product of
  /// the reaches in depth, in height with ADJOINT_ROWS_AT_ONCE - 1 rows more, and of the part's windows in width, times
  /// the width's image_step.
  void (*multiply_in_place)(const AdjointWindows *windows, AdjointGridPart part, size_t columns,
                            AdjointPanels filter, AdjointEpilogue epilogue, void *output, size_t output_step,
                            void *scratch);

  /// The gradient of that filter: for each element of a window and each column, the sum over the windows of
  /// the part. The window that is number g in the grid has output_gradient[g * gradient_step]. Rows of `sums`
  /// have whole vectors of 64 bytes. `scratch` as above.
  void (*filter_gradient_in_place)(const AdjointWindows *windows, AdjointGridPart part, size_t columns,
                                   const void *output_gradient, size_t gradient_step, void *sums,
                                   void *scratch);

  /// The gradient of the image that the windows read, whose taps in a row must read adjacent elements. The
  /// part is one of the image's rows and their places. `filter` has, for each tap of the depth and the
  /// height, the `columns` output channels as its rows, and the elements of a row of taps as its columns.
  /// The epilogue's columns are the image's channels. `scratch` holds, for each place of the grid that reads one of
  /// the part's, the filter's columns in whole vectors of 64 bytes and one vector more; and 4 vectors and twice the
  /// channels.
  void (*input_gradient_in_place)(const AdjointWindows *windows, AdjointGridPart part,
                                  const void *output_gradient, size_t columns, AdjointPanels filter,
                                  AdjointEpilogue epilogue, void *input_gradient, void *scratch);

  /// The same as `multiply_in_place`, for windows without strides whose channels, like the columns, fill at most
  /// half a vector of 64 bytes, and an output whose places are adjacent. `scratch` holds a plane for each
  /// channel and each row of the reaches in depth and, with ADJOINT_PLANE_ROWS - 1 rows more, in height: the
  /// part's places and the reach in width, in whole vectors, and one vector more.
  void (*multiply_planes)(const AdjointWindows *windows, AdjointGridPart part, size_t columns,
                          AdjointPanels filter, AdjointEpilogue epilogue, void *output, void *scratch);

  /// The gradient of that filter, where places of the output's gradient are adjacent; rows of `sums` have
  /// `columns` elements. `scratch` holds such planes; as many for each column and each of ADJOINT_PLANE_ROWS rows;
  /// and a vector for each element of `sums`. It is aligned to 64 bytes.
  void (*filter_gradient_planes)(const AdjointWindows *windows, AdjointGridPart part, size_t columns,
                                 const void *output_gradient, void *sums, void *scratch);

  /// The windows of a part of the grid times a filter whose channels, as many in as out, are in groups of `group`,
  /// which divides a vector of 64 bytes as that divides the channels. A row of the filter is a tap and one of a
  /// group's channels to be read; it has all output channels. The product of the window that is number g in the grid
  /// goes to output[g * channels]. `scratch` as for `multiply_in_place`.
  void (*multiply_grouped)(const AdjointWindows *windows, AdjointGridPart part, size_t group, const void *filter,
                           AdjointEpilogue epilogue, void *output, void *scratch);

  /// The gradient of that filter: the sum over the windows of the part.
  void (*grouped_filter_gradient)(const AdjointWindows *windows, AdjointGridPart part, size_t group,
                                  const void *output_gradient, void *sums, void *scratch);

  /// Each channel's sum over the taps of the windows `first` ..< + `count`, each times the filter, whose rows
  /// are the taps and whose columns the channels. The product's row i is window `first` + i. It overwrites
  /// what is there, and some of its elements are stored twice.
  void (*multiply_depthwise)(const AdjointWindows *windows, size_t first, size_t count, const void *filter,
                             AdjointProduct product);

  /// The gradient of that filter: for each tap and channel, the sum over the windows `first` ..< + `count` of
  /// what the tap reads times the output's gradient, in the order of the windows. Row i of `output_gradient`
  /// is window `first` + i.
  void (*depthwise_filter_gradient)(const AdjointWindows *windows, size_t first, size_t count,
                                    const void *output_gradient, void *filter_gradient);
} AdjointConvolution;

typedef struct {
  const AdjointConvolution *float32;
  const AdjointConvolution *float64;
} AdjointConvolutionKernels;

#endif
