#pragma once
#include <stdint.h>
#include <time.h>

#define NS_PER_MS 1000000ull
#define NS_PER_S 1000000000ull

/* Monotonic nanoseconds. Payloads carry it in 16 digits, so it is counted from the first call: it fits for 115 days. */
uint64_t clock_ns(void);
