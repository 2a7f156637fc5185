#ifndef ADJOINT_SOFTMAX_H
#define ADJOINT_SOFTMAX_H

#include "adjoint_types.h"

/// What a cross entropy is told beside logits and labels.
typedef struct {
  /// The share ε of each target that is spread evenly over all classes.
  double label_smoothing;
  /// Rows with this label have no loss and no gradient.
  int64_t ignored_label;
  /// [columns] of the logits' type, or NULL where all classes weigh 1.
  const void *class_weights;
} AdjointCrossEntropy;

/// The softmax family on contiguous rows of one real type, or on columns. The maximum of each is subtracted before
/// anything is exponentiated.
typedef struct {
  /// y = exp(x) ÷ Σ exp(x)
  void (*softmax)(const void *x, size_t rows, size_t columns, void *y);
  /// y = x - log Σ exp(x)
  void (*log_softmax)(const void *x, size_t rows, size_t columns, void *y);

  /// y · (g - Σ g · y), where y is the softmax.
  void (*softmax_gradient)(const void *cotangent, const void *y, size_t rows, size_t columns, void *gradient);
  /// g - exp(y) · Σ g, where y is the logarithm of the softmax.
  void (*log_softmax_gradient)(const void *cotangent, const void *y, size_t rows, size_t columns,
                               void *gradient);

  /// The same four of adjacent columns, down rows that lie `stride` elements apart in every array.
  void (*softmax_columns)(const void *x, size_t rows, size_t columns, size_t stride, void *y);
  void (*log_softmax_columns)(const void *x, size_t rows, size_t columns, size_t stride, void *y);
  void (*softmax_columns_gradient)(const void *cotangent, const void *y, size_t rows, size_t columns,
                                   size_t stride, void *gradient);
  void (*log_softmax_columns_gradient)(const void *cotangent, const void *y, size_t rows, size_t columns,
                                       size_t stride, void *gradient);

  /// loss[r] = -Σ t · log softmax(x) for the targets t = (1 - ε) · weight · [c is the label] +
  /// ε · weight ÷ columns. `normalizers`, [rows, 2], takes each row's maximum and Σ exp(x - maximum).
  void (*cross_entropy)(const AdjointCrossEntropy *options, const void *x, const int64_t *labels, size_t rows,
                        size_t columns, void *loss, void *normalizers);
  /// g[r] · (softmax(x) · Σ t - t)
  void (*cross_entropy_gradient)(const AdjointCrossEntropy *options, const void *cotangent, const void *x,
                                 const int64_t *labels, const void *normalizers, size_t rows, size_t columns,
                                 void *gradient);
} AdjointSoftmaxKernels;

#endif
