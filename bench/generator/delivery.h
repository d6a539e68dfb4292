/* Takes every payload out of every message and holds it against what was published. */
#pragma once
#include "connection.h"
#include "histogram.h"

/* Subscribers that are stalled for a while are counted apart from the others. */
enum { READERS, STALLED, GROUPS };

typedef struct {
  uint32_t total; /* messages there will ever be in one room */
  Bytes reset;
  uint64_t due_from; /* latencies are recorded of messages due within this span, however late they come */
  uint64_t due_to;
  Tally tallies[GROUPS];
  Histogram latencies[GROUPS];
} Deliveries;

void deliveries_take(Deliveries *deliveries, Connection *connection, const uint8_t *bytes, size_t length, uint64_t now);
uint64_t deliveries_verified(const Deliveries *deliveries);
