#include "report.h"

#include <stdio.h>

static void begin_value(Report *report, const char *name) {
  if (report->follows) putchar(',');
  if (name) printf("\"%s\":", name);
  report->follows = true;
}

void report_begin(Report *report) {
  *report = (Report){false};
  putchar('{');
}

void report_end(Report *report) {
  (void)report;
  puts("}");
}

void report_open(Report *report, const char *name) {
  begin_value(report, name);
  putchar('{');
  report->follows = false;
}

void report_close(Report *report) {
  putchar('}');
  report->follows = true;
}

void report_open_array(Report *report, const char *name) {
  begin_value(report, name);
  putchar('[');
  report->follows = false;
}

void report_close_array(Report *report) {
  putchar(']');
  report->follows = true;
}

void report_number(Report *report, const char *name, double value) {
  begin_value(report, name);
  printf("%.10g", value);
}

void report_tally(Report *report, const Tally *tally) {
  report_number(report, "lost", (double)tally->lost);
  report_number(report, "duplicated", (double)tally->duplicated);
  report_number(report, "reordered", (double)tally->reordered);
  report_number(report, "corrupt", (double)tally->corrupt);
  report_number(report, "misrouted", (double)tally->misrouted);
  report_number(report, "resets", (double)tally->resets);
  report_number(report, "skipped", (double)tally->skipped);
}

void report_latency(Report *report, const char *name, const Histogram *histogram) {
  report_open(report, name);
  report_number(report, "count", (double)histogram->count);
  report_number(report, "p50Ms", (double)histogram_quantile(histogram, 0.5) / 1e6);
  report_number(report, "p99Ms", (double)histogram_quantile(histogram, 0.99) / 1e6);
  report_number(report, "maxMs", (double)histogram->largest / 1e6);
  report_close(report);
}
