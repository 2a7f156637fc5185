#ifndef CADJOINT_KERNELS_H
#define CADJOINT_KERNELS_H

#include "adjoint_convolution.h"
#include "adjoint_copy.h"
#include "adjoint_elementwise.h"
#include "adjoint_indexing.h"
#include "adjoint_limits.h"
#include "adjoint_marks.h"
#include "adjoint_matmul.h"
#include "adjoint_random.h"
#include "adjoint_normalization.h"
#include "adjoint_pause.h"
#include "adjoint_pooling.h"
#include "adjoint_reduction.h"
#include "adjoint_resampling.h"
#include "adjoint_optimizer.h"
#include "adjoint_softmax.h"
#include "adjoint_types.h"
#include "adjoint_winograd.h"

/// Every kernel, compiled for one instruction set.
///
/// Kernels take pointers and counts and know nothing of shapes, graphs or threads. They never allocate:
/// a kernel that needs scratch memory takes it from its caller. Counts are of elements, not of bytes.
/// Unless a kernel says otherwise, its output must not overlap its inputs, except that an elementwise
/// kernel may write onto an input of the same type and step.
typedef struct {
  /// The instruction set: "portable", "avx2", "avx512" or "neon".
  const char *name;
  /// Whether multiply-adds are fused, in which case the results are the same bits as those of every other
  /// table that fuses them.
  bool fuses_multiply_add;
  AdjointElementwiseKernels elementwise;
  AdjointCopyKernels copy;
  AdjointMarkKernels marks;
  AdjointRandomKernels random;
  AdjointMatmulKernels matmul;
  AdjointConvolutionKernels convolution;
  const AdjointWinograd *winograd;
  const AdjointReductionKernels *reduction[ADJOINT_TYPE_COUNT];
  const AdjointPoolingKernels *pooling[ADJOINT_REAL_TYPE_COUNT];
  const AdjointResamplingKernels *resampling[ADJOINT_REAL_TYPE_COUNT];
  const AdjointNormalizationKernels *normalization[ADJOINT_REAL_TYPE_COUNT];
  const AdjointIndexingKernels *indexing[ADJOINT_TYPE_COUNT];
  const AdjointOptimizerKernels *optimizer[ADJOINT_REAL_TYPE_COUNT];
  const AdjointSoftmaxKernels *softmax[ADJOINT_REAL_TYPE_COUNT];
  AdjointLimitKernels limits;
} AdjointKernels;

/// The best table this processor can run, or the one that the environment variable ADJOINT_SIMD names: NULL where
/// there is none of that name.
const AdjointKernels *adjoint_default_kernels(void);

/// Of the tables that this processor can run, the best first, the one at an index; NULL past the last.
const AdjointKernels *adjoint_kernels_at(size_t index);

/// The table of that name, or NULL where this build or this processor has none.
const AdjointKernels *adjoint_kernels_named(const char *name);

#endif
