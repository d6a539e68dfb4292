/* RFC 6455 frames: the client's side, as much of it as a load generator needs. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPCODE_TEXT = 1, OPCODE_BINARY = 2, OPCODE_CLOSE = 8, OPCODE_PING = 9, OPCODE_PONG = 10 };

#define FRAME_HEADER_MOST 14

typedef struct {
  uint8_t opcode;
  const uint8_t *payload;
  size_t length;
} Frame;

/* Bytes the frame at `from` takes, 0 while it is incomplete. Fails on what a peer must not or need not send here. */
size_t frame_read(Frame *frame, const uint8_t *from, size_t available);

/* Writes a masked frame to `out`, which has room for FRAME_HEADER_MOST + length; returns its length. */
size_t frame_write(uint8_t *out, uint8_t opcode, const uint8_t *payload, size_t length);
