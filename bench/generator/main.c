/*
 * The load generator: single-threaded, epoll, no dependencies. `generator SCENARIO-FILE` carries out one scenario
 * against one running server, checks every delivery and prints the result as JSON.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fail.h"
#include "modes.h"

static const struct {
  const char *name;
  void (*run)(Loop *, Report *);
} modes[] = {
    {"fan-out", run_fan_out},
    {"echo", run_echo},
    {"connect", run_connect},
    {"resume", run_resume},
};

static void raise_file_limit(uint32_t connections) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < connections + 64) fail("%u connections need a higher limit of open files than %lu (ulimit -n)", connections, (unsigned long)limit.rlim_cur);
}

int main(int argc, char **argv) {
  if (argc != 2) fail("usage: generator SCENARIO-FILE");
  static Scenario scenario;
  scenario_read(&scenario, argv[1]);
  payload_configure(scenario.payload_bytes);
  raise_file_limit(scenario.subscriber.count + scenario.publisher.count);
  signal(SIGPIPE, SIG_IGN);
  alarm(scenario.limit_s);
  Loop loop;
  loop_start(&loop, &scenario);
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
    if (strcmp(modes[i].name, scenario.mode) != 0) continue;
    Report report;
    report_begin(&report);
    modes[i].run(&loop, &report);
    report_end(&report);
    return 0;
  }
  fail("no mode \"%s\"", scenario.mode);
}
