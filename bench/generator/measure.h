/* A reading of everything at one moment; results are differences between two. */
#pragma once
#include "loop.h"
#include "process.h"
#include "report.h"

#define SERVER_CORE 0
#define GENERATOR_CORE 1

typedef struct {
  uint64_t time;
  uint64_t server_cpu;
  uint64_t server_cpu_ticks;
  uint64_t own_cpu;
  uint64_t server_core;
  uint64_t own_core;
  uint64_t verified;
  uint64_t reads;
  uint64_t bytes_read;
} Reading;

Reading measure(const Loop *loop, uint64_t verified);

/* Reports time, CPU and how busy the generator and strangers were between two readings. */
void report_span(Report *report, const Reading *from, const Reading *to);

void report_memory(Report *report, const char *name, Memory memory);
