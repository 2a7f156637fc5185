#ifndef ADJOINT_MATMUL_H
#define ADJOINT_MATMUL_H
#include "adjoint_types.h"
typedef struct { int placeholder; } AdjointMatmulKernels;
#endif
