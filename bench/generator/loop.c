#define _GNU_SOURCE
#include "loop.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "fail.h"

#define EVENTS_MOST 256

void loop_start(Loop *loop, const Scenario *scenario) {
  *loop = (Loop){.scenario = scenario, .epoll = epoll_create1(EPOLL_CLOEXEC)};
  if (loop->epoll < 0) fail("epoll_create1: %s", strerror(errno));
}

void loop_watch(Loop *loop, Connection *connection, bool reading, bool writing) {
  /* Edge-triggered: level-triggered epoll polls each socket a second time after it has been read empty. */
  uint32_t interest = EPOLLET | (reading ? EPOLLIN | EPOLLRDHUP : 0u) | (writing ? EPOLLOUT : 0u);
  struct epoll_event event = {.events = interest, .data.ptr = connection};
  if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, connection->fd, &event) == 0) return;
  if (errno != ENOENT || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0) fail("epoll_ctl: %s", strerror(errno));
}

void loop_turn(Loop *loop, uint64_t until) {
  struct epoll_event events[EVENTS_MOST];
  uint64_t now = clock_ns();
  uint64_t due = loop->on_clock ? loop->on_clock(loop->context, now) : UINT64_MAX;
  now = clock_ns();
  uint64_t wake = due < until ? due : until;
  uint64_t wait = wake > now ? wake - now : 0;
  struct timespec timeout = {(time_t)(wait / NS_PER_S), (long)(wait % NS_PER_S)};
  int count = epoll_pwait2(loop->epoll, events, EVENTS_MOST, &timeout, NULL);
  if (count < 0 && errno != EINTR) fail("epoll_pwait2: %s", strerror(errno));
  for (int i = 0; i < count; i++) {
    Connection *connection = events[i].data.ptr;
    if (events[i].events & EPOLLOUT) connection_flush(loop, connection);
    if (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP | EPOLLRDHUP)) connection_readable(loop, connection, (events[i].events & ~(EPOLLIN | EPOLLOUT)) != 0);
    if (due != UINT64_MAX && (now = clock_ns()) >= due) due = loop->on_clock(loop->context, now);
  }
}

void loop_run_for(Loop *loop, uint64_t ms) {
  uint64_t until = clock_ns() + ms * NS_PER_MS;
  while (clock_ns() < until) loop_turn(loop, until);
}

void loop_open_all(Loop *loop, Connection *connections, uint32_t count) {
  uint32_t wanted = loop->ready + count, next = 0;
  while (loop->ready < wanted) {
    while (next < count && loop->opening < loop->scenario->concurrency) connection_open(loop, &connections[next++]);
    loop_turn(loop, clock_ns() + NS_PER_S);
    if (loop->closed_by_server) fail("the server closed a connection before all were ready (%u of %u are)", loop->ready, wanted);
  }
}

Connection *loop_connections(Loop *loop, const Kind *kind) {
  Connection *connections = calloc(kind->count ? kind->count : 1, sizeof *connections);
  if (!connections) fail("out of memory");
  for (uint32_t i = 0; i < kind->count; i++) {
    connections[i] = (Connection){.fd = -1, .kind = kind, .index = i, .room = i % loop->scenario->rooms};
  }
  return connections;
}
