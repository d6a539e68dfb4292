#include "frame.h"

#include <string.h>

#include "fail.h"

static uint64_t read_big_endian(const uint8_t *from, int bytes) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; i++) value = value << 8 | from[i];
  return value;
}

size_t frame_read(Frame *frame, const uint8_t *from, size_t available) {
  if (available < 2) return 0;
  if ((from[0] & 0x70) != 0) fail("a frame with reserved bits (compression is to be off): 0x%02x", from[0]);
  if ((from[0] & 0x80) == 0) fail("a fragmented message, which no peer is set to send");
  if ((from[1] & 0x80) != 0) fail("a masked frame from a server");
  size_t header = 2;
  uint64_t length = from[1];
  if (length >= 126) {
    int bytes = length == 126 ? 2 : 8;
    header += (size_t)bytes;
    if (available < header) return 0;
    length = read_big_endian(from + 2, bytes);
  }
  if (available - header < length) return 0;
  *frame = (Frame){from[0] & 0x0f, from + header, length};
  return header + length;
}

static uint32_t next_mask(void) {
  static uint32_t state = 0x9e3779b9;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

size_t frame_write(uint8_t *out, uint8_t opcode, const uint8_t *payload, size_t length) {
  size_t header = 2;
  out[0] = 0x80 | opcode;
  if (length < 126) {
    out[1] = 0x80 | (uint8_t)length;
  } else {
    int bytes = length <= 0xffff ? 2 : 8;
    out[1] = 0x80 | (bytes == 2 ? 126 : 127);
    for (int i = 0; i < bytes; i++) out[header++] = (uint8_t)(length >> 8 * (bytes - 1 - i));
  }
  uint32_t mask = next_mask();
  memcpy(out + header, &mask, 4);
  const uint8_t *key = out + header;
  header += 4;
  for (size_t i = 0; i < length; i++) out[header + i] = payload[i] ^ key[i & 3];
  return header + length;
}
