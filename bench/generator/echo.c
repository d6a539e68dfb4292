#include <string.h>

#include "delivery.h"
#include "measure.h"
#include "modes.h"

typedef struct {
  Loop *loop;
  Deliveries deliveries;
} Echo;

static void send_next(Loop *loop, Connection *connection, uint64_t now) {
  Payload payload = {.room = connection->room, .seq = connection->sequence.next, .due = now};
  connection_queue(connection, &connection->kind->publish, &payload);
  connection_flush(loop, connection);
}

static void on_message(void *context, Connection *connection, const uint8_t *bytes, size_t length, uint64_t now) {
  Echo *run = context;
  uint32_t expected = connection->sequence.next;
  deliveries_take(&run->deliveries, connection, bytes, length, now);
  if (connection->sequence.next != expected) send_next(run->loop, connection, clock_ns());
}

void run_echo(Loop *loop, Report *report) {
  const Scenario *scenario = loop->scenario;
  static Echo run;
  run = (Echo){.loop = loop, .deliveries.total = UINT32_MAX};
  Connection *connections = loop_connections(loop, &scenario->subscriber);
  loop_open_all(loop, connections, scenario->subscriber.count);
  loop->context = &run;
  loop->on_message = on_message;
  for (uint32_t i = 0; i < scenario->subscriber.count; i++) send_next(loop, &connections[i], clock_ns());
  loop_run_for(loop, scenario->warmup_ms);
  Reading from = measure(loop, deliveries_verified(&run.deliveries));
  run.deliveries.due_from = clock_ns();
  run.deliveries.due_to = UINT64_MAX;
  loop_run_for(loop, scenario->window_ms);
  Reading to = measure(loop, deliveries_verified(&run.deliveries));
  report_open(report, "window");
  report_span(report, &from, &to);
  report_close(report);
  report_open(report, "readers");
  report_tally(report, &run.deliveries.tallies[READERS]);
  report_latency(report, "latency", &run.deliveries.latencies[READERS]);
  report_close(report);
  report_number(report, "closedByServer", loop->closed_by_server);
}
