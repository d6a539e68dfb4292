#include "measure.h"

Reading measure(const Loop *loop, uint64_t verified) {
  uint32_t pid = loop->scenario->server_pid;
  return (Reading){
      .time = clock_ns(),
      .server_cpu = process_cpu_ns(pid),
      .server_cpu_ticks = process_cpu_ticks_ns(pid),
      .own_cpu = own_cpu_ns(),
      .server_core = core_busy_ns(SERVER_CORE),
      .own_core = core_busy_ns(GENERATOR_CORE),
      .verified = verified,
      .reads = loop->reads,
      .bytes_read = loop->bytes_read,
  };
}

static double share(uint64_t part, uint64_t whole) { return whole ? (double)part / (double)whole : 0; }

void report_span(Report *report, const Reading *from, const Reading *to) {
  uint64_t time = to->time - from->time, server = to->server_cpu - from->server_cpu, own = to->own_cpu - from->own_cpu;
  uint64_t server_core = to->server_core - from->server_core, own_core = to->own_core - from->own_core;
  report_number(report, "seconds", (double)time / 1e9);
  report_number(report, "verified", (double)(to->verified - from->verified));
  report_number(report, "serverCpuMs", (double)server / 1e6);
  report_number(report, "serverCpuTicksMs", (double)(to->server_cpu_ticks - from->server_cpu_ticks) / 1e6);
  report_number(report, "serverCpuShare", share(server, time));
  report_number(report, "generatorCpuShare", share(own, time));
  report_number(report, "foreignShareOfServerCore", server_core > server ? share(server_core - server, time) : 0);
  report_number(report, "foreignShareOfGeneratorCore", own_core > own ? share(own_core - own, time) : 0);
  report_number(report, "reads", (double)(to->reads - from->reads));
  report_number(report, "bytesRead", (double)(to->bytes_read - from->bytes_read));
}

void report_memory(Report *report, const char *name, Memory memory) {
  report_open(report, name);
  report_number(report, "rssKib", (double)memory.rss_kib);
  report_number(report, "pssKib", (double)memory.pss_kib);
  report_close(report);
}
