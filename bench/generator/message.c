#define _GNU_SOURCE
#include "message.h"

#include <string.h>
#include <sys/random.h>

#include "fail.h"

static const struct {
  const char *mark;
  Place place;
} marks[] = {
    {"{{room}}", PLACE_ROOM},
    {"{{connection}}", PLACE_CONNECTION},
    {"{{run}}", PLACE_RUN},
    {"{{count}}", PLACE_COUNT},
    {"{{payload}}", PLACE_PAYLOAD},
};

static size_t mark_at(const uint8_t *at, const uint8_t *end, Place *place) {
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    size_t length = strlen(marks[i].mark);
    if ((size_t)(end - at) < length || memcmp(at, marks[i].mark, length) != 0) continue;
    *place = marks[i].place;
    return length;
  }
  return 0;
}

void message_parse(Message *message, bool binary, const uint8_t *bytes, size_t length) {
  const uint8_t *end = bytes + length, *begun = bytes;
  message->binary = binary;
  message->segment_count = 0;
  for (const uint8_t *at = bytes;;) {
    Place place = PLACE_NONE;
    size_t skip = at < end ? mark_at(at, end, &place) : 0;
    if (at < end && skip == 0) {
      at++;
      continue;
    }
    if (message->segment_count == SEGMENTS_MOST) fail("a message has more than %d places", SEGMENTS_MOST - 1);
    message->segments[message->segment_count++] = (Segment){begun, (size_t)(at - begun), place};
    if (at == end) return;
    begun = at += skip;
  }
}

static unsigned run_number(void) {
  static unsigned number;
  while (number == 0) {
    if (getrandom(&number, sizeof number, 0) != sizeof number) fail("getrandom failed");
    number %= 100000000;
  }
  return number;
}

static size_t fill_place(Place place, const Filling *filling, char *out) {
  switch (place) {
    case PLACE_ROOM:
      return (size_t)sprintf(out, "%03u", filling->room);
    case PLACE_CONNECTION:
      return (size_t)sprintf(out, "%06u", filling->connection);
    case PLACE_RUN:
      return (size_t)sprintf(out, "%08u", run_number());
    case PLACE_COUNT:
      return (size_t)sprintf(out, "%u", filling->count);
    case PLACE_PAYLOAD:
      if (!filling->payload) fail("{{payload}} stands in a message that carries none");
      payload_write((uint8_t *)out, filling->payload);
      return payload_size();
    case PLACE_NONE:
      break;
  }
  return 0;
}

size_t message_fill(const Message *message, const Filling *filling, uint8_t *out, size_t capacity) {
  size_t length = 0;
  for (int i = 0; i < message->segment_count; i++) {
    const Segment *segment = &message->segments[i];
    size_t longest_place = segment->then == PLACE_PAYLOAD ? payload_size() : 16;
    if (length + segment->length + longest_place > capacity) fail("a message of more than %zu bytes", capacity);
    memcpy(out + length, segment->bytes, segment->length);
    length += segment->length;
    length += fill_place(segment->then, filling, (char *)out + length);
  }
  return length;
}
