/* What the generator can do; `mode` in the scenario names one. Each prints its result through the report. */
#pragma once
#include "loop.h"
#include "report.h"

/* Publishes open-loop at a fixed rate to the rooms and checks every delivery. */
void run_fan_out(Loop *loop, Report *report);

/* Every subscriber sends its next message when the last one has come back. */
void run_echo(Loop *loop, Report *report);

/* Opens connections in stages: CPU of connecting, and memory held at each stage. */
void run_connect(Loop *loop, Report *report);

/* Opens all subscribers at once, each to receive the history that waits for it. */
void run_resume(Loop *loop, Report *report);
