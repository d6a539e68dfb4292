#define _GNU_SOURCE
#include "process.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"

static char *read_all(const char *path, char *buffer, size_t capacity) {
  FILE *file = fopen(path, "r");
  if (!file) return NULL;
  buffer[fread(buffer, 1, capacity - 1, file)] = '\0';
  fclose(file);
  return buffer;
}

uint64_t process_cpu_ns(uint32_t pid) {
  char path[320], text[128];
  snprintf(path, sizeof path, "/proc/%u/task", pid);
  DIR *tasks = opendir(path);
  if (!tasks) fail("the server (process %u) has ended", pid);
  uint64_t sum = 0;
  for (struct dirent *task; (task = readdir(tasks));) {
    if (task->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "/proc/%u/task/%s/schedstat", pid, task->d_name);
    if (read_all(path, text, sizeof text)) sum += strtoull(text, NULL, 10);
  }
  closedir(tasks);
  return sum;
}

uint64_t process_cpu_ticks_ns(uint32_t pid) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%u/stat", pid);
  if (!read_all(path, text, sizeof text)) fail("the server (process %u) has ended", pid);
  unsigned long user = 0, system = 0;
  sscanf(strrchr(text, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return (user + system) * (1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK));
}

uint64_t own_cpu_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

uint64_t core_busy_ns(unsigned core) {
  static char text[65536];
  char name[16];
  snprintf(name, sizeof name, "cpu%u ", core);
  const char *line = read_all("/proc/stat", text, sizeof text) ? strstr(text, name) : NULL;
  unsigned long user, nice, system, idle, wait, irq, softirq;
  if (!line || sscanf(line, "%*s %lu %lu %lu %lu %lu %lu %lu", &user, &nice, &system, &idle, &wait, &irq, &softirq) != 7) return 0;
  return (user + nice + system + irq + softirq) * (1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK));
}

static uint64_t read_field(const char *path, const char *field) {
  static char text[65536];
  const char *at = read_all(path, text, sizeof text) ? strstr(text, field) : NULL;
  return at ? strtoull(at + strlen(field), NULL, 10) : 0;
}

Memory process_memory(uint32_t pid) {
  char status[64], rollup[64];
  snprintf(status, sizeof status, "/proc/%u/status", pid);
  snprintf(rollup, sizeof rollup, "/proc/%u/smaps_rollup", pid);
  return (Memory){read_field(status, "VmRSS:"), read_field(rollup, "\nPss:")};
}

void process_collect_garbage(uint32_t pid) { kill((pid_t)pid, SIGUSR2); }
