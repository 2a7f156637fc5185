#include "../simd/prelude.inc"

#if defined(__x86_64__)

// Where there is no prfchw, its instruction does nothing: it need not be asked for.
#pragma clang attribute push(__attribute__((target("avx2,fma,prfchw"))), apply_to = function)

#define TABLE adjoint_kernels_avx2
#define TABLE_NAME "avx2"
#define FUSES_MULTIPLY_ADD 1
#define HAS_MASKED_MEMORY 0
#define HAS_SCALING 0
// How many lanes of a table in registers one instruction looks up.
#define LOOKUP_LANES 8
// The matrix product's register tile: rows by 64-byte vectors.
#define TILE_ROWS 6
#define TILE_VECTORS 1
// How many bytes apart the rows of a product may lie that its tile reads without packing.
#define UNPACKED_ROW_BYTES 512
// Of how many channels Winograd's transforms go through an axis at once.
#define TRANSFORM_LANES 8
#include "../families/all.inc"

#pragma clang attribute pop

#endif
