#ifndef ADJOINT_POOLING_H
#define ADJOINT_POOLING_H

#include "adjoint_types.h"

/// The windows of a pooling along one axis: output o looks at the inputs from starts[o] to before ends[o] in
/// steps of `dilation`. All windows lie within the input. Both arrays ascend where the dilation is 1; else, the windows
/// after one that starts `dilation` or more behind an input start behind it too.
typedef struct {
  size_t input_size, output_size, dilation;
  const int32_t *starts, *ends;
  /// What an average divides by, before the product over the axes.
  const int32_t *counts;
} AdjointPoolingAxis;

/// A pooling of [batch, depth, height, width, channels].
///
/// A line is what lies along the width at one depth and height of one image; lines are numbered through the
/// batch. Kernels take the first line to make and how many.
typedef struct {
  AdjointPoolingAxis depth, height, width;
  size_t channels;
} AdjointPooling;

/// Poolings of one real type. `x`, `y` and `indices` begin at the batch's first image.
typedef struct {
  /// The largest of each window: the first of several in row-major order, or the first NaN; -∞ of none.
  /// `indices` takes the winner's position (d · height + h) · width + w in its image, or -1 of none; it may
  /// be NULL.
  void (*maximum)(const AdjointPooling *pooling, const void *x, size_t first_line, size_t lines, void *y,
                  int32_t *indices);

  /// Makes input lines: each element is the sum of the cotangents of the outputs that it won.
  void (*maximum_gradient)(const AdjointPooling *pooling, const void *cotangent, const int32_t *indices,
                           size_t first_line, size_t lines, void *gradient);

  /// The elements of `x` at the positions in `indices`, or 0 at -1.
  void (*gather)(const AdjointPooling *pooling, const void *x, const int32_t *indices, size_t first_line,
                 size_t lines, void *y);

  /// The sum of each window divided by the product of its axes' counts, 0 where that is 0.
  void (*average)(const AdjointPooling *pooling, const void *x, size_t first_line, size_t lines, void *y);

  /// Makes input lines: each element is the sum of cotangent ÷ count over the outputs that looked at it.
  void (*average_gradient)(const AdjointPooling *pooling, const void *cotangent, size_t first_line,
                           size_t lines, void *gradient);
} AdjointPoolingKernels;

#endif
