/*
 * A message as a peer's driver writes it, with places to fill in. How a peer is spoken to lives in the scenario file,
 * never in this program.
 *
 *   {{room}}        the room's number, always three digits
 *   {{connection}}  the connection's number, always six digits
 *   {{run}}         random for each run of the generator, always eight digits
 *   {{count}}       1, 2, 3...: messages published on this connection, this one included
 *   {{payload}}     see payload.h
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "payload.h"

typedef enum { PLACE_NONE, PLACE_ROOM, PLACE_CONNECTION, PLACE_RUN, PLACE_COUNT, PLACE_PAYLOAD } Place;

typedef struct {
  const uint8_t *bytes;
  size_t length;
  Place then; /* what follows the bytes */
} Segment;

#define SEGMENTS_MOST 12

typedef struct {
  bool binary;
  int segment_count;
  Segment segments[SEGMENTS_MOST];
} Message;

typedef struct {
  uint32_t room;
  uint32_t connection;
  uint32_t count;
  const Payload *payload;
} Filling;

/* Keeps pointers into `bytes`. */
void message_parse(Message *message, bool binary, const uint8_t *bytes, size_t length);

/* Returns the length written; fails when `capacity` does not suffice. */
size_t message_fill(const Message *message, const Filling *filling, uint8_t *out, size_t capacity);
