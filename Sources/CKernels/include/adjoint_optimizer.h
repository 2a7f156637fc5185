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

/// One step of Lion.
typedef struct {
  double learning_rate, beta1, beta2, weight_decay;
} AdjointLionStep;

/// One step of Adam, or of a rule that is made from it.
typedef struct {
  double learning_rate, beta1, beta2, epsilon, weight_decay;
  /// Whether the weight decay shrinks the parameter itself and is no part of the gradient (AdamW).
  bool is_decoupled;
  /// 1 - beta1ᵗ and 1 - beta2ᵗ, where t is 1 at the first step.
  double correction1, correction2;
} AdjointAdamStep;

/// One step of RMSprop.
typedef struct {
  double learning_rate, smoothing, epsilon, momentum, weight_decay;
} AdjointRMSpropStep;

/// One step of Adagrad.
typedef struct {
  double learning_rate, epsilon, weight_decay;
} AdjointAdagradStep;

/// One step of Adadelta.
typedef struct {
  double learning_rate, smoothing, epsilon, weight_decay;
} AdjointAdadeltaStep;

/// Updates of a parameter, of one real type, in one pass over `count` elements. The parameter and the
/// optimizer's state are changed where they are; none of the arrays overlap.
typedef struct {
  /// g += weight_decay · p, v = momentum · v + (1 - dampening) · g, then p -= learning_rate · d, where d is
  /// v, or g + momentum · v with Nesterov's look ahead. Without momentum d is g, and `velocity` may be NULL.
  void (*gradient_descent)(const AdjointGradientDescentStep *step, const void *gradient, size_t count,
                           void *parameter, void *velocity);

  /// d = sign(beta1 · m + (1 - beta1) · g), where the sign of 0 is 0 and that of NaN is NaN;
  /// m = beta2 · m + (1 - beta2) · g, and p -= learning_rate · (d + weight_decay · p).
  void (*lion)(const AdjointLionStep *step, const void *gradient, size_t count, void *parameter, void *mean);

  /// g += weight_decay · p, or p *= 1 - learning_rate · weight_decay where the decay is decoupled;
  /// m += (1 - beta1) · (g - m), v = beta2 · v + (1 - beta2) · g², and
  /// p -= learning_rate ÷ correction1 · m ÷ (√v · (1 ÷ √correction2) + epsilon).
  ///
  /// Where `largest` is not NULL it is first raised to v, and takes v's place in the last line (AMSGrad).
  void (*adam)(const AdjointAdamStep *step, const void *gradient, size_t count, void *parameter, void *mean,
               void *square, void *largest);

  /// The decay as in `adam`; m = beta1 · m + (1 - beta1) · g, l = max(beta2 · l, |g| + epsilon), NaN where either is,
  /// and p -= learning_rate ÷ correction1 · m ÷ l.
  void (*adamax)(const AdjointAdamStep *step, const void *gradient, size_t count, void *parameter, void *mean,
                 void *largest);

  /// The decay as in `adam`; m = beta1 · m + (1 - beta1) · g, v = beta2 · v + (1 - beta2) · g², and
  /// p -= learning_rate · (gradient_part · g + mean_part · m) ÷ (√v · (1 ÷ √correction2) + epsilon).
  void (*nadam)(const AdjointAdamStep *step, double gradient_part, double mean_part, const void *gradient,
                size_t count, void *parameter, void *mean, void *square);

  /// The decay, m and v as in `nadam`; p -= learning_rate ÷ correction1 · trust · m ÷ (√v + epsilon).
  /// Where `trust` is 0 there is none in v yet, and p -= learning_rate ÷ correction1 · m.
  void (*radam)(const AdjointAdamStep *step, double trust, const void *gradient, size_t count, void *parameter,
                void *mean, void *square);

  /// g += weight_decay · p, s = smoothing · s + (1 - smoothing) · g², d = g ÷ (√s + epsilon), and
  /// p -= learning_rate · d.
  ///
  /// Where `mean` is not NULL, m = smoothing · m + (1 - smoothing) · g, and max(s - m², 0) takes s's place in d.
  /// Where `velocity` is not NULL, v = momentum · v + d takes d's place in the last line.
  void (*rmsprop)(const AdjointRMSpropStep *step, const void *gradient, size_t count, void *parameter,
                  void *square, void *mean, void *velocity);

  /// g += weight_decay · p, s += g², and p -= learning_rate · g ÷ (√s + epsilon).
  void (*adagrad)(const AdjointAdagradStep *step, const void *gradient, size_t count, void *parameter, void *sum);

  /// g += weight_decay · p, s = smoothing · s + (1 - smoothing) · g², d = √(r + epsilon) ÷ √(s + epsilon) · g,
  /// r = smoothing · r + (1 - smoothing) · d², and p -= learning_rate · d, where r is `step_square`.
  void (*adadelta)(const AdjointAdadeltaStep *step, const void *gradient, size_t count, void *parameter,
                   void *square, void *step_square);
} AdjointOptimizerKernels;

#endif
