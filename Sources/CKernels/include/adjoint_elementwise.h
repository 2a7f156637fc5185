#ifndef ADJOINT_ELEMENTWISE_H
#define ADJOINT_ELEMENTWISE_H

#include "adjoint_types.h"

/// Operations of one input. p and q are the call's parameters. Those that name no type take reals only.
enum {
  ADJOINT_NEGATE,       // -x; reals and integers
  ADJOINT_ABSOLUTE,     // |x|; reals and integers
  ADJOINT_SIGN,         // -1, 0 or 1, and NaN of NaN; reals and integers
  ADJOINT_SQUARE,       // x²; reals and integers
  ADJOINT_RECIPROCAL,   // 1 / x
  ADJOINT_SQRT,
  ADJOINT_RSQRT,        // 1 / √x
  ADJOINT_EXP,
  ADJOINT_EXPM1,
  ADJOINT_LOG,
  ADJOINT_LOG1P,
  ADJOINT_SIN,
  ADJOINT_COS,
  ADJOINT_TAN,
  ADJOINT_SINH,
  ADJOINT_COSH,
  ADJOINT_TANH,
  ADJOINT_ASIN,
  ADJOINT_ACOS,
  ADJOINT_ATAN,
  ADJOINT_ERF,
  ADJOINT_FLOOR,
  ADJOINT_CEIL,
  ADJOINT_ROUND,        // to the nearest integer, ties to even
  ADJOINT_POWER_SCALAR, // x to the power p, as C's pow
  ADJOINT_CUBE,
  ADJOINT_INVERSE_SQUARE,
  ADJOINT_POWER_HALF,   // x to the power 1/2, as C's pow
  ADJOINT_POWER_MINUS_HALF,
  ADJOINT_CLAMP,        // x within [p, q], and NaN of NaN
  ADJOINT_SIGMOID,      // 1 / (1 + exp(-x))
  ADJOINT_LOG_SIGMOID,
  ADJOINT_SOFTPLUS,     // log(1 + exp(x))
  ADJOINT_RELU,         // max(x, 0), and NaN of NaN
  ADJOINT_RELU6,        // x within [0, 6]
  ADJOINT_LEAKY_RELU,   // x > 0 ? x : p x
  ADJOINT_ELU,          // x > 0 ? x : p (exp(x) - 1)
  ADJOINT_SELU,         // the elu that keeps mean 0 and variance 1
  ADJOINT_GELU,         // x Φ(x), by erf
  ADJOINT_GELU_TANH,    // x Φ(x), by the customary tanh
  ADJOINT_SILU,         // x sigmoid(x)
  ADJOINT_MISH,         // x tanh(softplus(x))
  ADJOINT_HARD_SWISH,   // x hardSigmoid(x)
  ADJOINT_HARD_SIGMOID, // x / 6 + 1/2 within [0, 1]
  ADJOINT_HARD_TANH,    // x within [p, q]
  ADJOINT_SOFTSIGN,     // x / (1 + |x|)
  ADJOINT_HUBER,        // x² / 2 where |x| <= p, else p (|x| - p / 2)
  ADJOINT_NOT,          // bool only
  ADJOINT_UNARY_COUNT,
};

/// Operations of two inputs. A gradient takes what its name says of the forward operation, x or its value y,
/// and then the cotangent g; it gives g times the derivative. Those that name no type take reals only.
enum {
  ADJOINT_ADD,      // reals and integers
  ADJOINT_SUBTRACT, // reals and integers
  ADJOINT_MULTIPLY, // reals and integers
  ADJOINT_DIVIDE,   // reals and integers; integers toward zero, and 0 where the divisor is 0
  ADJOINT_MAXIMUM,  // NaN where either is; reals and integers
  ADJOINT_MINIMUM,  // NaN where either is; reals and integers
  ADJOINT_POWER,    // as C's pow
  ADJOINT_ATAN2,    // the angle of (y, x), of which x is the second input
  ADJOINT_PRELU,    // x > 0 ? x : x y
  ADJOINT_MULTIPLY_GRADIENT,     // x: g x, but 0 where g is 0
  ADJOINT_DIVIDE_GRADIENT,       // x, the divisor: g / x, but 0 where g is 0
  ADJOINT_ABSOLUTE_GRADIENT,     // x: g times the sign of x
  ADJOINT_SQUARE_GRADIENT,       // x: 2 g x, but 0 where g is 0
  ADJOINT_SQRT_GRADIENT,         // y: g / 2y, but 0 where g is 0
  ADJOINT_RELU_GRADIENT,         // x: g where x > 0, else 0
  ADJOINT_RELU6_GRADIENT,        // x: g where 0 < x < 6, else 0
  ADJOINT_LEAKY_RELU_GRADIENT,   // x: g where x > 0, else p g
  ADJOINT_ELU_GRADIENT,          // x: g where x > 0, else p exp(x) g
  ADJOINT_SELU_GRADIENT,         // x
  ADJOINT_GELU_GRADIENT,         // x
  ADJOINT_GELU_TANH_GRADIENT,    // x
  ADJOINT_SILU_GRADIENT,         // x
  ADJOINT_MISH_GRADIENT,         // x
  ADJOINT_SOFTPLUS_GRADIENT,     // x: g sigmoid(x)
  ADJOINT_LOG_SIGMOID_GRADIENT,  // x: g sigmoid(-x)
  ADJOINT_HARD_SWISH_GRADIENT,   // x: 0 where x <= -3, g where x >= 3, else g (x / 3 + 1/2)
  ADJOINT_HARD_SIGMOID_GRADIENT, // x: g / 6 where -3 < x < 3, else 0
  ADJOINT_HARD_TANH_GRADIENT,    // x: g where p < x < q, else 0
  ADJOINT_SOFTSIGN_GRADIENT,     // x: g / (1 + |x|)²
  ADJOINT_SIGMOID_GRADIENT,      // y: g y (1 - y)
  ADJOINT_TANH_GRADIENT,         // y: g (1 - y²)
  ADJOINT_HUBER_GRADIENT,        // x: g times x within [-p, p]
  ADJOINT_CLAMP_GRADIENT,        // x: g where p <= x <= q, else 0
  ADJOINT_AND, // bool only
  ADJOINT_OR,  // bool only
  ADJOINT_BINARY_COUNT,
};

/// Comparisons of two numbers of any type: each gives a byte, 0 or 1.
enum {
  ADJOINT_EQUAL,
  ADJOINT_NOT_EQUAL,
  ADJOINT_LESS,
  ADJOINT_LESS_OR_EQUAL,
  ADJOINT_GREATER,
  ADJOINT_GREATER_OR_EQUAL,
  ADJOINT_COMPARISON_COUNT,
};

/// out[i] = operation(x[i]) for i < n, with the operation's parameters p and q.
typedef void (*AdjointUnaryKernel)(void *out, const void *x, size_t n, double p, double q);

/// out[r * columns + c] = operation(x(r, c), y(r, c)), with the operation's parameters p and q. The steps of all inputs
/// are 0 or 1, here and below; their row strides are any.
typedef void (*AdjointBinaryKernel)(void *out, const void *x, const void *y, size_t rows, size_t columns,
                                    AdjointPlaces x_places, AdjointPlaces y_places, double p, double q);

/// out[r * columns + c] = x(r, c) compared with y(r, c); a comparison with NaN is 0, except NOT_EQUAL.
typedef void (*AdjointComparisonKernel)(uint8_t *out, const void *x, const void *y, size_t rows,
                                        size_t columns, AdjointPlaces x_places, AdjointPlaces y_places);

/// out[r * columns + c] = mask(r, c) ? x(r, c) : y(r, c). Nothing is computed with what is not chosen.
typedef void (*AdjointSelectKernel)(void *out, const uint8_t *mask, const void *x, const void *y, size_t rows,
                                    size_t columns, AdjointPlaces mask_places, AdjointPlaces x_places,
                                    AdjointPlaces y_places);

/// Elementwise kernels. Each pointer is to a table by operation and then by element type, with NULL where an
/// operation does not exist for a type: `unary[ADJOINT_EXP * ADJOINT_TYPE_COUNT + ADJOINT_FLOAT32]`.
/// Integer arithmetic wraps. `out` may be an input itself where that input's elements lie as out's do.
typedef struct {
  const AdjointUnaryKernel *unary;
  const AdjointBinaryKernel *binary;
  const AdjointComparisonKernel *comparison;
  /// By element type only.
  const AdjointSelectKernel *select;
  /// out[i] = 1 where x[i] is neither infinite nor NaN, else 0.
  void (*is_finite[ADJOINT_REAL_TYPE_COUNT])(uint8_t *out, const void *x, size_t n);
} AdjointElementwiseKernels;

#endif
