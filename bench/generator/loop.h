/* The event loop: epoll, a clock that publishing hangs on, and the opening of connections a few at a time. */
#pragma once
#include "clock.h"
#include "connection.h"

typedef struct Loop {
  const Scenario *scenario;
  int epoll;
  uint32_t opened; /* connections ever opened */
  uint32_t opening; /* on their way to ready */
  uint32_t ready;
  uint32_t closed_by_server;
  uint64_t reads;
  uint64_t bytes_read;
  void *context;
  /* A text or binary message on a connection that is ready. */
  void (*on_message)(void *context, Connection *connection, const uint8_t *bytes, size_t length, uint64_t now);
  /* Called at least whenever the time it last returned has come, also in the middle of a long row of events. */
  uint64_t (*on_clock)(void *context, uint64_t now);
} Loop;

void loop_start(Loop *loop, const Scenario *scenario);

/* Waits for events until `until` at most and handles them. */
void loop_turn(Loop *loop, uint64_t until);
void loop_run_for(Loop *loop, uint64_t ms);

/* Opens connections[0..count), `concurrency` at once, and returns when all are ready. */
void loop_open_all(Loop *loop, Connection *connections, uint32_t count);

/* Makes the connections of a kind, closed. */
Connection *loop_connections(Loop *loop, const Kind *kind);

void loop_watch(Loop *loop, Connection *connection, bool reading, bool writing);
