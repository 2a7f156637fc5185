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

static const AdjointKernels *best_kernels(void) {
#if defined(__x86_64__)
  if (has_avx512()) return &adjoint_kernels_avx512;
  if (has_avx2()) return &adjoint_kernels_avx2;
#elif defined(__aarch64__)
  return &adjoint_kernels_neon;
#endif
  return &adjoint_kernels_portable;
}

const AdjointKernels *adjoint_kernels_named(const char *name) {
  if (strcmp(name, "portable") == 0) return &adjoint_kernels_portable;
#if defined(__x86_64__)
  if (strcmp(name, "avx2") == 0 && has_avx2()) return &adjoint_kernels_avx2;
  if (strcmp(name, "avx512") == 0 && has_avx512()) return &adjoint_kernels_avx512;
#elif defined(__aarch64__)
  if (strcmp(name, "neon") == 0) return &adjoint_kernels_neon;
#endif
  return NULL;
}

const AdjointKernels *adjoint_default_kernels(void) {
  const char *wanted = getenv("ADJOINT_SIMD");
  const AdjointKernels *named = wanted ? adjoint_kernels_named(wanted) : NULL;
  return wanted ? named : best_kernels();
}
