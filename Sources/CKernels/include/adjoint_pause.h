#ifndef ADJOINT_PAUSE_H
#define ADJOINT_PAUSE_H

/// Tells the processor that the thread waits in a loop, which spares power and the core's other thread.
static inline void adjoint_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
