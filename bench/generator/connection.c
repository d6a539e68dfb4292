#define _GNU_SOURCE
#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"
#include "frame.h"
#include "loop.h"
#include "upgrade.h"

#define READ_CHUNK (256u << 10)
#define MESSAGE_MOST (8u << 20)
#define SEND_MOST (128u << 10)

static void buffer_append(Buffer *buffer, const uint8_t *bytes, size_t length) {
  if (buffer->length + length > buffer->capacity) {
    buffer->capacity = (buffer->length + length) * 2;
    buffer->bytes = realloc(buffer->bytes, buffer->capacity);
    if (!buffer->bytes) fail("out of memory");
  }
  memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
}

static void set_option(int fd, int level, int option, int value, const char *name) {
  if (setsockopt(fd, level, option, &value, sizeof value) != 0) fail("%s %d: %s", name, value, strerror(errno));
}

/* Source addresses 127.0.0.2 to .17 in turn: no number of connections, closing ones included, uses the ports up. */
static void bind_source(int fd, uint32_t number) {
  struct sockaddr_in source = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002u + number % 16)};
  set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1, "IP_BIND_ADDRESS_NO_PORT");
  if (bind(fd, (struct sockaddr *)&source, sizeof source) != 0) fail("bind: %s", strerror(errno));
}

void connection_open(Loop *loop, Connection *connection) {
  const Scenario *scenario = loop->scenario;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket: %s", strerror(errno));
  connection->fd = fd;
  connection->number = loop->opened++;
  connection->state = CONNECTION_UPGRADING;
  connection->step = 0;
  connection->in.length = connection->out.length = 0;
  bind_source(fd, connection->number);
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY");
  if (scenario->max_segment) set_option(fd, IPPROTO_TCP, TCP_MAXSEG, (int)scenario->max_segment, "TCP_MAXSEG");
  if (connection->stalled && scenario->receive_buffer) set_option(fd, SOL_SOCKET, SO_RCVBUF, (int)scenario->receive_buffer, "SO_RCVBUF");
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)scenario->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (connect(fd, (struct sockaddr *)&server, sizeof server) != 0 && errno != EINPROGRESS) fail("connect: %s", strerror(errno));
  uint8_t request[6144];
  Filling filling = {connection->room, connection->number, 0, NULL};
  buffer_append(&connection->out, request, upgrade_write(connection->kind, &filling, request, sizeof request));
  connection->waits_to_write = true;
  loop->opening++;
  loop_watch(loop, connection, true, true);
}

void connection_close(Loop *loop, Connection *connection) {
  if (connection->state == CONNECTION_CLOSED) return;
  if (connection->state == CONNECTION_READY) loop->ready--;
  else loop->opening--;
  connection->state = CONNECTION_CLOSED;
  close(connection->fd);
}

static void closed_by_server(Loop *loop, Connection *connection) {
  loop->closed_by_server++;
  connection_close(loop, connection);
}

static void queue_frame(Connection *connection, uint8_t opcode, const uint8_t *bytes, size_t length) {
  static uint8_t frame[SEND_MOST + FRAME_HEADER_MOST];
  buffer_append(&connection->out, frame, frame_write(frame, opcode, bytes, length));
}

void connection_queue(Connection *connection, const Message *message, const Payload *payload) {
  static uint8_t bytes[SEND_MOST];
  if (payload) connection->published++;
  Filling filling = {connection->room, connection->number, connection->published, payload};
  queue_frame(connection, message->binary ? OPCODE_BINARY : OPCODE_TEXT, bytes, message_fill(message, &filling, bytes, sizeof bytes));
}

void connection_flush(Loop *loop, Connection *connection) {
  if (connection->state == CONNECTION_CLOSED) return;
  Buffer *out = &connection->out;
  ssize_t sent = out->length ? send(connection->fd, out->bytes, out->length, MSG_NOSIGNAL) : 0;
  if (sent < 0 && errno != EAGAIN && errno != EINTR && errno != ENOTCONN) {
    if (errno != EPIPE && errno != ECONNRESET) fail("send: %s", strerror(errno));
    closed_by_server(loop, connection);
    return;
  }
  if (sent > 0) {
    out->length -= (size_t)sent;
    memmove(out->bytes, out->bytes + sent, out->length);
  }
  bool waits = out->length > 0;
  if (waits != connection->waits_to_write) loop_watch(loop, connection, !connection->stalled || connection->state != CONNECTION_READY, waits);
  connection->waits_to_write = waits;
}

static bool contains(const uint8_t *bytes, size_t length, const Bytes *what) { return memmem(bytes, length, what->bytes, what->length) != NULL; }

/* Sends what the script has next; ready at its end. `bytes` is the message just received, or NULL after the upgrade. */
static void advance_script(Loop *loop, Connection *connection, const uint8_t *bytes, size_t length) {
  const Kind *kind = connection->kind;
  while (connection->step < kind->step_count) {
    const Step *step = &kind->steps[connection->step];
    if (step->type == STEP_EXPECT) {
      if (!bytes || !contains(bytes, length, &step->expect)) break;
    } else {
      connection_queue(connection, &step->send, NULL);
    }
    connection->step++;
  }
  connection_flush(loop, connection);
  if (connection->step < kind->step_count || connection->state != CONNECTION_SCRIPT) return;
  connection->state = CONNECTION_READY;
  /* Delayed acknowledgements, as an interactive client has them, instead of one for every single read. */
  set_option(connection->fd, IPPROTO_TCP, TCP_QUICKACK, 0, "TCP_QUICKACK");
  loop->opening--;
  loop->ready++;
}

static void answer_by_rule(Loop *loop, Connection *connection, const Frame *frame) {
  for (int i = 0; i < connection->kind->reply_count; i++) {
    const Reply *rule = &connection->kind->replies[i];
    size_t length = rule->when.length;
    if (frame->length < length || memcmp(frame->payload + frame->length - length, rule->when.bytes, length) != 0) continue;
    connection_queue(connection, &rule->reply, NULL);
    connection_flush(loop, connection);
    return;
  }
}

static void handle_frame(Loop *loop, Connection *connection, const Frame *frame, uint64_t now) {
  switch (frame->opcode) {
    case OPCODE_TEXT:
    case OPCODE_BINARY:
      answer_by_rule(loop, connection, frame);
      if (connection->state == CONNECTION_SCRIPT) advance_script(loop, connection, frame->payload, frame->length);
      /* The message that makes a connection ready may carry the first deliveries. */
      if (connection->state == CONNECTION_READY && loop->on_message) loop->on_message(loop->context, connection, frame->payload, frame->length, now);
      return;
    case OPCODE_PING:
      queue_frame(connection, OPCODE_PONG, frame->payload, frame->length);
      connection_flush(loop, connection);
      return;
    case OPCODE_PONG:
      return;
    case OPCODE_CLOSE:
      fprintf(stderr, "generator: closed with %u %.*s\n", frame->length < 2 ? 0u : frame->payload[0] * 256u + frame->payload[1],
              frame->length < 2 ? 0 : (int)frame->length - 2, frame->length < 2 ? "" : (const char *)frame->payload + 2);
      closed_by_server(loop, connection);
      return;
    default:
      fail("a frame of opcode %u", frame->opcode);
  }
}

/* Returns how many bytes were used up. */
static size_t handle_bytes(Loop *loop, Connection *connection, const uint8_t *bytes, size_t length, uint64_t now) {
  size_t used = 0;
  if (connection->state == CONNECTION_UPGRADING) {
    used = upgrade_read(bytes, length);
    if (used == 0) return 0;
    connection->state = CONNECTION_SCRIPT;
    advance_script(loop, connection, NULL, 0);
  }
  Frame frame;
  for (size_t size; connection->state != CONNECTION_CLOSED && (size = frame_read(&frame, bytes + used, length - used)); used += size) {
    handle_frame(loop, connection, &frame, now);
  }
  return used;
}

/* Returns false when there is nothing more to read for now. */
static bool read_chunk(Loop *loop, Connection *connection) {
  static uint8_t bytes[MESSAGE_MOST + READ_CHUNK];
  Buffer *in = &connection->in;
  size_t length = in->length;
  if (length > MESSAGE_MOST) fail("a frame of more than %u bytes", MESSAGE_MOST);
  if (length) memcpy(bytes, in->bytes, length);
  ssize_t got = recv(connection->fd, bytes + length, READ_CHUNK, 0);
  if (got <= 0) {
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) closed_by_server(loop, connection);
    return false;
  }
  loop->reads++;
  loop->bytes_read += (uint64_t)got;
  length += (size_t)got;
  size_t used = handle_bytes(loop, connection, bytes, length, clock_ns());
  in->length = 0;
  if (used < length) buffer_append(in, bytes + used, length - used);
  return got == READ_CHUNK;
}

void connection_readable(Loop *loop, Connection *connection, bool ending) {
  /* Less than a chunk means the socket is empty; what comes later is a new edge. An end gives no other edge. */
  while (connection->state != CONNECTION_CLOSED && (read_chunk(loop, connection) || ending)) continue;
}
