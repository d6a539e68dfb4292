/* What the system knows about the server and this program: the figures every result is made of. */
#pragma once
#include <stdint.h>

/* CPU time of all threads of a process, user and system, ns. */
uint64_t process_cpu_ns(uint32_t pid);

/* The same from /proc/PID/stat, in clock ticks turned to ns: coarse, but it includes threads that have ended. */
uint64_t process_cpu_ticks_ns(uint32_t pid);

/* CPU time of this program, ns. */
uint64_t own_cpu_ns(void);

/* Time a core was not idle, ns; for noise: what neither server nor generator used was somebody else's. */
uint64_t core_busy_ns(unsigned core);

typedef struct {
  uint64_t rss_kib;
  uint64_t pss_kib;
} Memory;

Memory process_memory(uint32_t pid);

/* Asks the server to collect garbage (SIGUSR2, see peers/collect-garbage.mjs), to tell what is held from what is waste. */
void process_collect_garbage(uint32_t pid);
