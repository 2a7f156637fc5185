#ifndef ADJOINT_OPTIMIZER_H
#define ADJOINT_OPTIMIZER_H

#include "adjoint_types.h"

/// One step of stochastic gradient descent.
typedef struct {
  double learning_rate, momentum, dampening, weight_decay;
  bool is_nesterov;
  /// Whether the velocity is still undefined, and begins as the gradient itself.
  bool is_first_step;
} AdjointGradientDescentStep;

/// One step of Adam.
typedef struct {
  double learning_rate, beta1, beta2, epsilon, weight_decay;
  /// Whether the weight decay shrinks the parameter itself and is no part of the gradient (AdamW).
  bool is_decoupled;
  /// 1 - beta1ᵗ and 1 - beta2ᵗ, where t is 1 at the first step.
  double correction1, correction2;
} AdjointAdamStep;

/// Updates of a parameter, of one real type, in one pass over `count` elements. The parameter and the
/// optimizer's state are changed where they are; none of the arrays overlap.
typedef struct {
  /// g += weight_decay · p, v = momentum · v + (1 - dampening) · g, then p -= learning_rate · d, where d is
  /// v, or g + momentum · v with Nesterov's look ahead. Without momentum d is g, and `velocity` may be NULL.
  void (*gradient_descent)(const AdjointGradientDescentStep *step, const void *gradient, size_t count,
                           void *parameter, void *velocity);

  /// g += weight_decay · p, or p *= 1 - learning_rate · weight_decay where the decay is decoupled;
  /// m += (1 - beta1) · (g - m), v = beta2 · v + (1 - beta2) · g², and
  /// p -= learning_rate ÷ correction1 · m ÷ (√v · (1 ÷ √correction2) + epsilon).
  ///
  /// Where `largest` is not NULL it is first raised to v, and takes v's place in the last line (AMSGrad).
  void (*adam)(const AdjointAdamStep *step, const void *gradient, size_t count, void *parameter, void *mean,
               void *square, void *largest);
} AdjointOptimizerKernels;

#endif
