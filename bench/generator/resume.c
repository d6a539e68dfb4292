#include <string.h>

#include "delivery.h"
#include "measure.h"
#include "modes.h"

typedef struct {
  Deliveries deliveries;
  uint32_t complete; /* subscribers that have everything */
} Resume;

static void on_message(void *context, Connection *connection, const uint8_t *bytes, size_t length, uint64_t now) {
  Resume *run = context;
  bool complete = connection->sequence.next == run->deliveries.total;
  deliveries_take(&run->deliveries, connection, bytes, length, now);
  if (!complete && connection->sequence.next == run->deliveries.total) run->complete++;
}

void run_resume(Loop *loop, Report *report) {
  const Scenario *scenario = loop->scenario;
  static Resume run;
  run = (Resume){.deliveries.total = scenario->history, .deliveries.reset = scenario->reset};
  Connection *connections = loop_connections(loop, &scenario->subscriber);
  uint32_t count = scenario->subscriber.count;
  loop->context = &run;
  loop->on_message = on_message;
  Reading from = measure(loop, 0);
  loop_open_all(loop, connections, count);
  uint64_t all_open = clock_ns(), give_up = all_open + scenario->drain_ms * NS_PER_MS;
  while (run.complete < count && clock_ns() < give_up) loop_turn(loop, clock_ns() + 10 * NS_PER_MS);
  Reading to = measure(loop, deliveries_verified(&run.deliveries));
  uint64_t missing = 0;
  for (uint32_t i = 0; i < count; i++) missing += scenario->history - connections[i].sequence.next;
  report_open(report, "window");
  report_span(report, &from, &to);
  report_close(report);
  report_open(report, "readers");
  report_number(report, "verified", (double)deliveries_verified(&run.deliveries));
  report_number(report, "undelivered", (double)missing);
  report_tally(report, &run.deliveries.tallies[READERS]);
  report_close(report);
  report_number(report, "complete", run.complete);
  report_number(report, "openMs", (double)(all_open - from.time) / 1e6);
  report_number(report, "closedByServer", loop->closed_by_server);
  report_memory(report, "memoryAfter", process_memory(scenario->server_pid));
}
