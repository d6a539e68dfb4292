#define _GNU_SOURCE
#include "payload.h"

#include <string.h>

#include "fail.h"

#define MAGIC "{\"m\":\"LW\",\"r\":\""
#define MAGIC_LENGTH (sizeof MAGIC - 1)
#define ROOM_AT 15
#define SEQ_AT 25
#define DUE_AT 42
#define PADDING_AT 58
#define LARGEST 65536

static uint8_t model[LARGEST];
static size_t size;

void payload_configure(size_t bytes) {
  static const char head[] = MAGIC "000\",\"s\":\"0000000000\",\"t\":\"0000000000000000\",\"p\":\"";
  if (bytes < PAYLOAD_SMALLEST || bytes > LARGEST) fail("payload-bytes must be %d to %d, not %zu", PAYLOAD_SMALLEST, LARGEST, bytes);
  size = bytes;
  memset(model, 'x', size);
  memcpy(model, head, sizeof head - 1);
  memcpy(model + size - 2, "\"}", 2);
}

size_t payload_size(void) { return size; }

static void write_digits(uint8_t *at, int count, uint64_t value) {
  for (int i = count - 1; i >= 0; i--, value /= 10) at[i] = (uint8_t)('0' + value % 10);
}

static bool read_digits(const uint8_t *at, int count, uint64_t *value) {
  uint64_t sum = 0;
  unsigned wrong = 0;
  for (int i = 0; i < count; i++) {
    unsigned digit = at[i] - (unsigned)'0';
    wrong |= digit > 9;
    sum = sum * 10 + digit;
  }
  *value = sum;
  return !wrong;
}

void payload_write(uint8_t *out, const Payload *payload) {
  memcpy(out, model, size);
  write_digits(out + ROOM_AT, 3, payload->room);
  write_digits(out + SEQ_AT, 10, payload->seq);
  write_digits(out + DUE_AT, 16, payload->due);
}

const uint8_t *payload_find(const uint8_t *from, const uint8_t *end, size_t *hint) {
  size_t left = (size_t)(end - from);
  if (left < size) return NULL;
  /* Payloads do not overlap, so nothing shorter than one payload can hide another before the hinted place. */
  if (*hint < PAYLOAD_SMALLEST && left >= *hint + size && memcmp(from + *hint, MAGIC, MAGIC_LENGTH) == 0) return from + *hint;
  const uint8_t *found = memmem(from, left, MAGIC, MAGIC_LENGTH);
  if (!found) return NULL;
  *hint = (size_t)(found - from);
  return found;
}

bool payload_read(const uint8_t *at, Payload *payload) {
  uint64_t room, seq;
  bool digits = read_digits(at + ROOM_AT, 3, &room) & read_digits(at + SEQ_AT, 10, &seq) & read_digits(at + DUE_AT, 16, &payload->due);
  payload->room = (uint32_t)room;
  payload->seq = (uint32_t)seq;
  return digits && seq <= UINT32_MAX && memcmp(at + ROOM_AT + 3, model + ROOM_AT + 3, SEQ_AT - ROOM_AT - 3) == 0 &&
         memcmp(at + SEQ_AT + 10, model + SEQ_AT + 10, DUE_AT - SEQ_AT - 10) == 0 &&
         memcmp(at + PADDING_AT, model + PADDING_AT, size - PADDING_AT) == 0;
}
