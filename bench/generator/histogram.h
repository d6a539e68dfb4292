/* Latencies in logarithmic buckets, 64 to each power of two: within 2 % at every magnitude, a few ns to record. */
#pragma once
#include <stdint.h>

#define HISTOGRAM_BUCKETS (59 * 64)

typedef struct {
  uint64_t count;
  uint64_t largest;
  uint64_t buckets[HISTOGRAM_BUCKETS];
} Histogram;

static inline void histogram_record(Histogram *histogram, uint64_t ns) {
  unsigned shift = ns < 128 ? 0 : 63 - (unsigned)__builtin_clzll(ns) - 6;
  histogram->buckets[shift * 64 + (ns >> shift)]++;
  histogram->count++;
  if (ns > histogram->largest) histogram->largest = ns;
}

/* The value below which `share` (0..1) of the records lie; 0 when there are none. */
uint64_t histogram_quantile(const Histogram *histogram, double share);
