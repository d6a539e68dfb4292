/* One WebSocket connection of the generator: socket, upgrade, script, frames in and out. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scenario.h"
#include "sequence.h"

typedef enum { CONNECTION_CLOSED, CONNECTION_UPGRADING, CONNECTION_SCRIPT, CONNECTION_READY } ConnectionState;

typedef struct {
  uint8_t *bytes;
  size_t length;
  size_t capacity;
} Buffer;

typedef struct {
  int fd;
  ConnectionState state;
  const Kind *kind;
  uint32_t index; /* within its kind */
  uint32_t number; /* within the run */
  uint32_t room;
  uint32_t published;
  int step;
  bool stalled;         /* not to be read until told otherwise */
  bool waits_to_write;
  bool reset_announced; /* a break of continuity was announced and its first message has not come yet */
  size_t payload_hint;
  Buffer in;  /* the beginning of a frame whose rest has not come */
  Buffer out; /* what the socket would not take */
  Sequence sequence;
} Connection;

struct Loop;

/* `stalled` connections get the scenario's small receive buffer. */
void connection_open(struct Loop *loop, Connection *connection);
void connection_close(struct Loop *loop, Connection *connection);

/* Frames `message`, masks it and holds it back until connection_flush, so that a burst is one write. */
void connection_queue(Connection *connection, const Message *message, const Payload *payload);
void connection_flush(struct Loop *loop, Connection *connection);

/* Called by the loop when the socket is ready; `ending` when the other side has closed or the socket has failed. */
void connection_readable(struct Loop *loop, Connection *connection, bool ending);
