#include <stdlib.h>
#include <string.h>

#include "include/CAdjointKernels.h"

extern const AdjointKernels adjoint_kernels_portable;
#if defined(__x86_64__)
extern const AdjointKernels adjoint_kernels_avx2;
extern const AdjointKernels adjoint_kernels_avx512;
#elif defined(__aarch64__)
extern const AdjointKernels adjoint_kernels_neon;
#endif

#if defined(__x86_64__)
static bool has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static bool has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}
#endif

static bool always(void) { return true; }

/// Every table of this build, the best first.
static const struct {
  const AdjointKernels *table;
  bool (*runs_here)(void);
} tables[] = {
#if defined(__x86_64__)
    {&adjoint_kernels_avx512, has_avx512},
    {&adjoint_kernels_avx2, has_avx2},
#elif defined(__aarch64__)
    {&adjoint_kernels_neon, always},
#endif
    {&adjoint_kernels_portable, always},
};

const AdjointKernels *adjoint_kernels_at(size_t index) {
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
    if (tables[i].runs_here() && index-- == 0) return tables[i].table;
  return NULL;
}

const AdjointKernels *adjoint_kernels_named(const char *name) {
  const AdjointKernels *table;
  for (size_t i = 0; (table = adjoint_kernels_at(i)); i++)
    if (strcmp(table->name, name) == 0) return table;
  return NULL;
}

const AdjointKernels *adjoint_default_kernels(void) {
  const char *wanted = getenv("ADJOINT_SIMD");
  return wanted ? adjoint_kernels_named(wanted) : adjoint_kernels_at(0);
}
