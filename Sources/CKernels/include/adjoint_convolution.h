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

/// Convolution: windows as an operand of the matrix product, so that no matrix of windows need exist; and
/// depthwise convolution, where each channel has a filter of its own.
typedef struct {
  /// Packs elements `inner_first` ..< + `inner` of windows `first` ..< + `rows` as
  /// `AdjointMatmul.pack_rows` does: a window is a row.
  void (*pack_rows)(const AdjointWindows *windows, size_t first, size_t rows, size_t inner_first,
                    size_t inner, void *packed);

  /// Packs elements `first` ..< + `columns` of windows `inner_first` ..< + `inner` as
  /// `AdjointMatmul.pack_columns` does: a window is a row of the right operand.
  void (*pack_columns)(const AdjointWindows *windows, size_t inner_first, size_t inner, size_t first,
                       size_t columns, void *packed, ptrdiff_t panel_step);

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
