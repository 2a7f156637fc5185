#ifndef ADJOINT_RESAMPLING_H
#define ADJOINT_RESAMPLING_H

#include "adjoint_types.h"

/// How each of a number of outputs along an axis is a weighted sum of inputs: output i has the terms starts[i] to
/// before starts[i + 1], each with the place of an input and a weight.
typedef struct {
  size_t inputs, outputs;
  const int32_t *starts, *places;
  const double *weights;
} AdjointAxisSums;

/// Resampling of one real type.
typedef struct {
  /// Makes `count` pixels of a batch of images, [rows->outputs, columns->outputs, channels] each, from the pixel
  /// numbered `first` on: the sum of the columns' terms, each of which is the sum of the rows' terms in its column,
  /// in the order of the terms. No terms give 0, and a single pixel with a weight of 1 is copied.
  void (*combine)(const AdjointAxisSums *rows, const AdjointAxisSums *columns, const void *x, size_t channels,
                  size_t first, size_t count, void *y);
} AdjointResamplingKernels;

#endif
