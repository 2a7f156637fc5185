#include "../simd/prelude.inc"

#define TABLE adjoint_kernels_portable
#define TABLE_NAME "portable"
#define FUSES_MULTIPLY_ADD 0
#define HAS_MASKED_MEMORY 0
#define HAS_SCALING 0
// How many lanes of a table in registers one instruction looks up.
#define LOOKUP_LANES 1
// The matrix product's register tile: rows by 64-byte vectors.
#define TILE_ROWS 2
#define TILE_VECTORS 1
// How many bytes apart the rows of a product may lie that its tile reads without packing.
#define UNPACKED_ROW_BYTES 2048
// Of how many channels Winograd's transforms go through an axis at once.
#define TRANSFORM_LANES 4
#include "../families/all.inc"
