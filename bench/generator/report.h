/* The result, as JSON on standard output. */
#pragma once
#include <stdbool.h>

#include "histogram.h"
#include "sequence.h"

typedef struct {
  bool follows; /* a comma is due before the next value */
} Report;

void report_begin(Report *report);
void report_end(Report *report);

/* An object; `name` is NULL inside an array. */
void report_open(Report *report, const char *name);
void report_close(Report *report);
void report_open_array(Report *report, const char *name);
void report_close_array(Report *report);
void report_number(Report *report, const char *name, double value);
void report_tally(Report *report, const Tally *tally);
void report_latency(Report *report, const char *name, const Histogram *histogram);
