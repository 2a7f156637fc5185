#ifndef ADJOINT_CONVOLUTION_H
#define ADJOINT_CONVOLUTION_H
#include "adjoint_types.h"
typedef struct { int placeholder; } AdjointConvolutionKernels;
#endif
