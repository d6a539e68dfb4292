#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

#include "delivery.h"
#include "fail.h"
#include "measure.h"
#include "modes.h"

typedef struct {
  Loop *loop;
  Connection *subscribers;
  Connection *publishers;
  Deliveries deliveries;
  uint32_t *published; /* by room */
  uint64_t next_message;
  uint64_t messages; /* in all */
  uint64_t start;
  uint64_t window_start;
  uint64_t window_end;
  uint64_t latest; /* how far publishing ever fell behind its schedule */
  enum { WARMING, MEASURING, MEASURED } phase;
  Reading from;
  Reading to;
  Memory memory_from;
  Memory memory_to;
} FanOut;

static uint64_t due_of(const FanOut *run, uint64_t message) {
  const Scenario *scenario = run->loop->scenario;
  uint64_t burst = message / scenario->burst;
  return run->start + burst * scenario->burst * NS_PER_S / scenario->rate;
}

/* A burst is one write for each publisher that has a part in it. */
static void publish_burst(FanOut *run, uint64_t due) {
  const Scenario *scenario = run->loop->scenario;
  Connection *last = NULL;
  for (uint32_t i = 0; i < scenario->burst && run->next_message < run->messages; i++, run->next_message++) {
    Payload payload = {.room = (uint32_t)(run->next_message % scenario->rooms), .due = due};
    payload.seq = run->published[payload.room]++;
    Connection *publisher = &run->publishers[payload.room % scenario->publisher.count];
    publisher->room = payload.room;
    if (last && last != publisher) connection_flush(run->loop, last);
    connection_queue(publisher, &publisher->kind->publish, &payload);
    last = publisher;
  }
  if (last) connection_flush(run->loop, last);
}

static uint64_t on_clock(void *context, uint64_t now) {
  FanOut *run = context;
  if (run->phase == WARMING && now >= run->window_start) {
    run->phase = MEASURING;
    run->from = measure(run->loop, deliveries_verified(&run->deliveries));
  }
  if (run->phase == MEASURING && now >= run->window_end) {
    run->phase = MEASURED;
    run->to = measure(run->loop, deliveries_verified(&run->deliveries));
  }
  for (uint64_t due; run->next_message < run->messages && (due = due_of(run, run->next_message)) <= now;) {
    if (now - due > run->latest) run->latest = now - due;
    publish_burst(run, due);
  }
  uint64_t next = run->next_message < run->messages ? due_of(run, run->next_message) : UINT64_MAX;
  uint64_t boundary = run->phase == WARMING ? run->window_start : run->phase == MEASURING ? run->window_end : UINT64_MAX;
  return next < boundary ? next : boundary;
}

static void on_message(void *context, Connection *connection, const uint8_t *bytes, size_t length, uint64_t now) {
  FanOut *run = context;
  if (connection->kind == &run->loop->scenario->subscriber) deliveries_take(&run->deliveries, connection, bytes, length, now);
}

static void choose_stalled(FanOut *run) {
  const Scenario *scenario = run->loop->scenario;
  if (scenario->stalled == 0) return;
  uint32_t every = scenario->subscriber.count / scenario->stalled;
  for (uint32_t i = 0; i < scenario->stalled; i++) run->subscribers[i * every].stalled = true;
}

static void watch_stalled(FanOut *run, bool reading) {
  for (uint32_t i = 0; i < run->loop->scenario->subscriber.count; i++) {
    Connection *subscriber = &run->subscribers[i];
    if (subscriber->stalled && subscriber->state == CONNECTION_READY) loop_watch(run->loop, subscriber, reading, subscriber->waits_to_write);
  }
}

/* What a subscriber that is still connected, or no longer is, has not got by the end. */
static uint64_t undelivered(const FanOut *run, int group) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < run->loop->scenario->subscriber.count; i++) {
    const Connection *subscriber = &run->subscribers[i];
    if (subscriber->stalled == (group == STALLED)) sum += run->published[subscriber->room] - subscriber->sequence.next;
  }
  return sum;
}

static void report_group(Report *report, const FanOut *run, int group, const char *name) {
  report_open(report, name);
  report_number(report, "verified", (double)run->deliveries.tallies[group].verified);
  report_number(report, "undelivered", (double)undelivered(run, group));
  report_tally(report, &run->deliveries.tallies[group]);
  report_latency(report, "latency", &run->deliveries.latencies[group]);
  report_close(report);
}

static void report_fan_out(Report *report, const FanOut *run, uint64_t drained) {
  const Scenario *scenario = run->loop->scenario;
  double seconds = (double)(run->to.time - run->from.time) / 1e9;
  double listeners = (double)scenario->subscriber.count / scenario->rooms;
  report_open(report, "window");
  report_span(report, &run->from, &run->to);
  report_number(report, "offered", seconds * scenario->rate * listeners);
  report_close(report);
  report_group(report, run, READERS, "readers");
  if (scenario->stalled) report_group(report, run, STALLED, "stalled");
  report_memory(report, "memoryBefore", run->memory_from);
  report_memory(report, "memoryAfter", run->memory_to);
  report_number(report, "drainMs", (double)(drained - run->window_end) / 1e6);
  report_number(report, "publisherLatestMs", (double)run->latest / 1e6);
  report_number(report, "closedByServer", run->loop->closed_by_server);
}

void run_fan_out(Loop *loop, Report *report) {
  const Scenario *scenario = loop->scenario;
  static FanOut run;
  run = (FanOut){.loop = loop, .deliveries.reset = scenario->reset};
  run.subscribers = loop_connections(loop, &scenario->subscriber);
  run.publishers = loop_connections(loop, &scenario->publisher);
  run.published = calloc(scenario->rooms, sizeof *run.published);
  if (!run.published || scenario->publisher.count == 0) fail("fan-out needs a publisher");
  choose_stalled(&run);
  run.messages = (uint64_t)scenario->rate * (scenario->warmup_ms + scenario->window_ms) / 1000;
  run.deliveries.total = (uint32_t)(run.messages / scenario->rooms + 1);
  loop->context = &run;
  loop->on_message = on_message;
  loop_open_all(loop, run.subscribers, scenario->subscriber.count);
  loop_open_all(loop, run.publishers, scenario->publisher.count);
  watch_stalled(&run, false);
  loop_run_for(loop, scenario->settle_ms);
  run.memory_from = process_memory(scenario->server_pid);

  run.start = clock_ns() + 10 * NS_PER_MS;
  run.window_start = run.deliveries.due_from = run.start + scenario->warmup_ms * NS_PER_MS;
  run.window_end = run.deliveries.due_to = run.window_start + scenario->window_ms * NS_PER_MS;
  loop->on_clock = on_clock;
  while (run.phase != MEASURED) loop_turn(loop, run.window_end);
  run.memory_to = process_memory(scenario->server_pid);

  watch_stalled(&run, true);
  uint64_t give_up = run.window_end + scenario->drain_ms * NS_PER_MS;
  while (clock_ns() < give_up && undelivered(&run, READERS) + undelivered(&run, STALLED) > 0) loop_turn(loop, clock_ns() + 10 * NS_PER_MS);
  report_fan_out(report, &run, clock_ns());
}
