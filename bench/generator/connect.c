#include <stdlib.h>

#include "measure.h"
#include "modes.h"

/* Before the first reading the server's code is compiled and its pools are filled by connections that go again. */
static void warm_up(Loop *loop) {
  const Scenario *scenario = loop->scenario;
  Kind kind = scenario->subscriber;
  kind.count = scenario->warmup_connections;
  Connection *connections = loop_connections(loop, &kind);
  loop_open_all(loop, connections, kind.count);
  for (uint32_t i = 0; i < kind.count; i++) connection_close(loop, &connections[i]);
  free(connections);
  loop_run_for(loop, scenario->settle_ms);
}

static void report_stage(Report *report, Loop *loop) {
  const Scenario *scenario = loop->scenario;
  loop_run_for(loop, scenario->settle_ms);
  report_memory(report, "memory", process_memory(scenario->server_pid));
  process_collect_garbage(scenario->server_pid);
  loop_run_for(loop, scenario->settle_ms);
  report_memory(report, "memoryCollected", process_memory(scenario->server_pid));
}

void run_connect(Loop *loop, Report *report) {
  const Scenario *scenario = loop->scenario;
  Connection *connections = loop_connections(loop, &scenario->subscriber);
  warm_up(loop);
  report_open(report, "empty");
  report_stage(report, loop);
  report_close(report);
  report_open_array(report, "stages");
  uint32_t opened = 0;
  for (int i = 0; i < scenario->stage_count; i++) {
    uint32_t wanted = scenario->stages[i];
    report_open(report, NULL);
    report_number(report, "connections", wanted);
    report_number(report, "opened", wanted - opened);
    Reading from = measure(loop, 0);
    loop_open_all(loop, connections + opened, wanted - opened);
    Reading to = measure(loop, 0);
    report_span(report, &from, &to);
    opened = wanted;
    report_stage(report, loop);
    report_close(report);
  }
  report_close_array(report);
  report_number(report, "closedByServer", loop->closed_by_server);
}
