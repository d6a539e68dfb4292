#include "histogram.h"

uint64_t histogram_quantile(const Histogram *histogram, double share) {
  uint64_t wanted = (uint64_t)(share * (double)histogram->count), passed = 0;
  for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
    passed += histogram->buckets[bucket];
    if (passed <= wanted) continue;
    unsigned shift = bucket < 128 ? 0 : bucket / 64 - 1;
    return (uint64_t)(bucket - shift * 64) << shift;
  }
  return histogram->largest;
}
