#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CAdjointKernels.h"

// Prints a hash of what each family of one table's kernels makes of fixed inputs, so that tables compiled for
// different processors can be compared: `kernel_hash neon`. Exits with 2 where there is no such table.

static const AdjointKernels *kernels;

#include "kernel_hash/inputs.inc"
#include "kernel_hash/elements.inc"
#include "kernel_hash/layers.inc"
#include "kernel_hash/products.inc"
#include "kernel_hash/convolutions.inc"
#include "kernel_hash/rows.inc"
#include "kernel_hash/winograd.inc"

static const struct {
  const char *name;
  void (*run)(int type);
  int type_count;
} families[] = {
    {"unary", unary, ADJOINT_TYPE_COUNT},
    {"binary", binary, ADJOINT_TYPE_COUNT},
    {"comparison", comparison, ADJOINT_TYPE_COUNT},
    {"cast", cast, ADJOINT_TYPE_COUNT},
    {"copy", copy, ADJOINT_TYPE_COUNT},
    {"reduction", reduction, ADJOINT_TYPE_COUNT},
    {"indexing", indexing, ADJOINT_TYPE_COUNT},
    {"random", random_numbers, ADJOINT_REAL_TYPE_COUNT},
    {"softmax", softmax, ADJOINT_REAL_TYPE_COUNT},
    {"normalization", normalization, ADJOINT_REAL_TYPE_COUNT},
    {"pooling", pooling, ADJOINT_REAL_TYPE_COUNT},
    {"resampling", resampling, ADJOINT_REAL_TYPE_COUNT},
    {"optimizer", optimizer, ADJOINT_REAL_TYPE_COUNT},
    {"adaptive", adaptive, ADJOINT_REAL_TYPE_COUNT},
    {"matmul", matmul, ADJOINT_REAL_TYPE_COUNT},
    {"convolution", convolution, ADJOINT_REAL_TYPE_COUNT},
    {"depthwise", depthwise, ADJOINT_REAL_TYPE_COUNT},
    {"in-place", in_place, ADJOINT_REAL_TYPE_COUNT},
    {"sliding", sliding, ADJOINT_REAL_TYPE_COUNT},
    {"planes", planes, ADJOINT_REAL_TYPE_COUNT},
    {"grouped", grouped, ADJOINT_REAL_TYPE_COUNT},
    {"winograd", winograd, 1},
};

int main(int argc, char **argv) {
  const char *const type_names[] = {"float32", "float64", "int32", "int64", "uint8", "bool"};
  kernels = argc == 2 ? adjoint_kernels_named(argv[1]) : NULL;
  if (!kernels) return 2;
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    for (int type = 0; type < families[i].type_count; type++) {
      hash = 0xcbf29ce484222325;
      random_state = 1;
      families[i].run(type);
      printf("%s.%s %016" PRIx64 "\n", families[i].name, type_names[type], hash);
    }
}
