#ifndef ADJOINT_NORMALIZATION_H
#define ADJOINT_NORMALIZATION_H

#include "adjoint_types.h"

/// Where the output of a normalization was rectified: gradients pass back only where it was above 0.
typedef struct {
  bool rectifies;
  /// The output; or NULL, where nothing was added to it, for computing it again by scale and offset.
  const void *output;
  /// As they were given to `normalize_channels`.
  const void *scale;
  const void *offset;
} AdjointRectification;

/// Normalization of one real type: of each channel over the rows of [rows, channels], or of each row over
/// the columns of [rows, columns].
typedef struct {
  /// For each channel the mean of the rows, and the sum of the squared distances from it: `moments` is
  /// [2, channels] of double. Distances are taken from a first estimate of the mean, so that few digits are
  /// lost where the mean is large. `rows` is at least 1.
  void (*channel_moments)(const void *x, size_t rows, size_t channels, double *moments);

  /// Joins the moments of consecutive chunks, [chunks, 2, channels], each of `chunk_rows` rows but the last,
  /// which ends at `rows`: mean, biased variance and 1 ÷ √(variance + epsilon), each [channels]. `lost` takes what the
  /// mean has lost by its rounding, times the latter: what x̂ is too large by, below.
  void (*join_moments)(const double *moments, size_t chunks, size_t chunk_rows, size_t rows, size_t channels,
                       double epsilon, void *mean, void *variance, void *inverse_deviation, void *lost);

  /// y = (x - mean) · inverse_deviation · scale + offset for each channel, plus `addend`, which lies as x does,
  /// and 0 in place of what is not above it if `rectifies`; NaN stays. All but x and y may be NULL: 0 for mean,
  /// offset and addend, and 1 for the factors.
  void (*normalize_channels)(const void *x, size_t rows, size_t channels, const void *mean,
                             const void *inverse_deviation, const void *scale, const void *offset,
                             const void *addend, bool rectifies, void *y);

  /// For each channel Σ g and Σ g · x̂ over the rows, where x̂ = (x - mean) · inverse_deviation and g is the
  /// part of the cotangent that passes the rectification: `sums` is [2, channels], the gradients of offset and
  /// scale.
  void (*channel_gradient_sums)(const void *cotangent, const void *x, size_t rows, size_t channels,
                                const void *mean, const void *inverse_deviation,
                                AdjointRectification rectification, void *sums);

  /// What the input of a normalization over `count` rows receives, where `plain` and `weighted` are the sums
  /// Σ g and Σ g x̂ of all its rows: scale · inverse_deviation · (g - plain / count - x̂ · weighted / count).
  /// `scale` may be NULL; where the rectification computes the output anew, it is the one to do that with, and the
  /// rectification's own is of no account. What the addend receives, which is g, goes to `addend_gradient` unless that
  /// is NULL.
  void (*channel_input_gradient)(const void *cotangent, const void *x, size_t rows, size_t channels,
                                 size_t count, const void *mean, const void *inverse_deviation,
                                 const void *scale, const void *plain, const void *weighted,
                                 AdjointRectification rectification, void *gradient, void *addend_gradient);

  /// Joins the moments of one example's chunks, as `join_moments` does, and then those of each `group_size`
  /// neighbouring channels, which divide the channels. `moments` is used up. `statistics`, [4, channels], takes for
  /// each channel its group's mean; 1 ÷ √(variance + epsilon) of the group; what the mean has lost by its
  /// rounding, times the latter; and the offset less that times scale. The first two and the last are for
  /// `normalize_channels`, which thus loses no digits where the mean is large. `scale` and `offset` may be NULL.
  void (*join_group_moments)(double *moments, size_t chunks, size_t chunk_rows, size_t rows, size_t channels,
                             size_t group_size, double epsilon, const void *scale, const void *offset,
                             void *statistics);

  /// Adds up the `channel_gradient_sums` of one example's chunks, [chunks, 2, channels]: `totals`, [2, channels],
  /// are the gradients of offset and scale, and `terms`, [4, channels], the inverse_deviation, cotangent_scale,
  /// plain and weighted for `group_input_gradient`. What has no number, but cotangents that are all 0, gives
  /// nothing and receives 0: a channel, and a group. `cotangent` is looked at for that alone.
  void (*join_group_gradients)(const void *sums, size_t chunks, const void *cotangent, size_t rows,
                               size_t channels, size_t group_size, const void *statistics, const void *scale,
                               void *totals, void *terms);

  /// What rows of one example's input receive, where moments are of `count` elements and `terms` are of
  /// `join_group_gradients`: inverse_deviation · (g · cotangent_scale - plain / count - x̂ · weighted / count), in which
  /// x̂ counts as 0 where `weighted` is 0.
  void (*group_input_gradient)(const void *cotangent, const void *x, size_t rows, size_t channels, size_t count,
                               const void *mean, const void *terms, void *gradient);

  /// y = (x - mean) · inverse_deviation · scale + offset, where mean and biased variance are the row's own,
  /// and scale and offset, of [columns], may be NULL. `moments`, [rows, 3], takes each row's mean in two parts,
  /// which lose no digits where it is large, and its inverse deviation.
  void (*normalize_rows)(const void *x, size_t rows, size_t columns, double epsilon, const void *scale,
                         const void *offset, void *moments, void *y);

  /// What x, scale and offset of `normalize_rows` receive; the latter two, of [columns], are of these rows
  /// alone and are NULL, both, where they are not wanted. A row whose cotangents are all 0 receives 0 and gives
  /// nothing, whatever it holds.
  void (*row_gradients)(const void *cotangent, const void *x, size_t rows, size_t columns,
                        const void *moments, const void *scale, void *gradient, void *scale_gradient,
                        void *offset_gradient);
} AdjointNormalizationKernels;

#endif
