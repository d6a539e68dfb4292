#define _GNU_SOURCE
#include "delivery.h"

#include <string.h>

void deliveries_take(Deliveries *deliveries, Connection *connection, const uint8_t *bytes, size_t length, uint64_t now) {
  const uint8_t *end = bytes + length, *at = bytes;
  int group = connection->stalled ? STALLED : READERS;
  Tally *tally = &deliveries->tallies[group];
  const Bytes *reset = &deliveries->reset;
  if (reset->length && memmem(bytes, length, reset->bytes, reset->length)) connection->reset_announced = true;
  while ((at = payload_find(at, end, &connection->payload_hint))) {
    Payload payload;
    if ((size_t)(end - at) < payload_size() || !payload_read(at, &payload)) {
      tally->corrupt++;
      at++;
      continue;
    }
    at += payload_size();
    if (payload.room != connection->room) {
      tally->misrouted++;
      continue;
    }
    sequence_take(&connection->sequence, payload.seq, deliveries->total, connection->reset_announced, tally);
    connection->reset_announced = false;
    if (payload.due >= deliveries->due_from && payload.due < deliveries->due_to) {
      histogram_record(&deliveries->latencies[group], now > payload.due ? now - payload.due : 0);
    }
  }
}

uint64_t deliveries_verified(const Deliveries *deliveries) {
  return deliveries->tallies[READERS].verified + deliveries->tallies[STALLED].verified;
}
