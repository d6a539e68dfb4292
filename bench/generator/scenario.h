/*
 * What to do, read from a file of `key value` lines; drivers/ and scenarios/ write it. Two sections, [subscriber] and
 * [publisher], say how a connection of that kind speaks:
 *
 *   count 1000                     how many connections
 *   path /sub?room={{room}}        requested by the upgrade
 *   header Cookie: a=b             one more header of the upgrade (at most one)
 *   subprotocol name, more.{{first}}
 *   first text ...                 stands in the subprotocol's place for it, in base64url
 *   send text ...                  the script after the upgrade: messages to send, and texts a message must contain
 *   expect text ...                before the script goes on; at its end the connection is ready
 *   when text 2                    at any time: a message that ends so is answered ...
 *   reply text 3                   ... with this one
 *   publish text ...{{payload}}... what carries one payload
 *
 * `text` takes the rest of the line, `binary` takes hex.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "message.h"

#define STEPS_MOST 12
#define REPLIES_MOST 4
#define STAGES_MOST 8

typedef struct {
  const uint8_t *bytes;
  size_t length;
  bool binary;
} Bytes;

typedef struct {
  enum { STEP_SEND, STEP_EXPECT } type;
  Message send;
  Bytes expect;
} Step;

typedef struct {
  Bytes when;
  Message reply;
} Reply;

typedef struct {
  const char *name;
  uint32_t count;
  Message path;
  const char *header;
  const char *subprotocol;
  Message first;
  Step steps[STEPS_MOST];
  int step_count;
  Reply replies[REPLIES_MOST];
  int reply_count;
  Message publish;
} Kind;

typedef struct {
  const char *mode;
  uint32_t port;
  uint32_t server_pid;
  uint32_t concurrency;   /* connections being opened at once */
  uint32_t payload_bytes;
  uint32_t rooms;         /* connections are dealt to rooms in turn, and so are messages */
  uint32_t rate;          /* messages per second over all rooms */
  uint32_t burst;         /* messages published back to back in one write */
  uint32_t warmup_ms;
  uint32_t window_ms;     /* what is measured */
  uint32_t drain_ms;      /* longest wait for what is still under way afterwards */
  uint32_t settle_ms;     /* quiet time before memory is read */
  uint32_t stalled;       /* subscribers that stop reading until the window has passed */
  uint32_t max_segment;   /* TCP_MAXSEG: loopback's 64 KiB segments give sockets buffers no real network has */
  uint32_t receive_buffer; /* SO_RCVBUF of the stalled ones */
  uint32_t history;       /* mode resume: messages that wait for each subscriber */
  uint32_t warmup_connections;
  uint32_t stages[STAGES_MOST]; /* mode connect: numbers of connections at which memory is read */
  int stage_count;
  uint32_t limit_s;       /* the run ends itself after this */
  Bytes reset;            /* what an announced break of continuity contains */
  Kind subscriber;
  Kind publisher;
} Scenario;

void scenario_read(Scenario *scenario, const char *file);
