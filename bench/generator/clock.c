#include "clock.h"

uint64_t clock_ns(void) {
  static uint64_t origin;
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  uint64_t ns = (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
  if (origin == 0) origin = ns;
  return ns - origin;
}
