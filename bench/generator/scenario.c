#define _GNU_SOURCE
#include "scenario.h"

#include <stddef.h>
#include <string.h>

#include "fail.h"

static const struct {
  const char *key;
  size_t offset;
} numbers[] = {
#define NUMBER(key, field) {key, offsetof(Scenario, field)}
    NUMBER("port", port),
    NUMBER("server-pid", server_pid),
    NUMBER("concurrency", concurrency),
    NUMBER("payload-bytes", payload_bytes),
    NUMBER("rooms", rooms),
    NUMBER("rate", rate),
    NUMBER("burst", burst),
    NUMBER("warmup-ms", warmup_ms),
    NUMBER("window-ms", window_ms),
    NUMBER("drain-ms", drain_ms),
    NUMBER("settle-ms", settle_ms),
    NUMBER("stalled", stalled),
    NUMBER("max-segment", max_segment),
    NUMBER("receive-buffer", receive_buffer),
    NUMBER("history", history),
    NUMBER("warmup-connections", warmup_connections),
    NUMBER("limit-s", limit_s),
#undef NUMBER
};

static uint32_t parse_number(const char *key, const char *value) {
  char *end;
  unsigned long number = strtoul(value, &end, 10);
  if (end == value || *end != '\0' || number > UINT32_MAX) fail("%s wants a number, not \"%s\"", key, value);
  return (uint32_t)number;
}

static Bytes parse_bytes(const char *key, char *value) {
  if (strncmp(value, "text ", 5) == 0) return (Bytes){(uint8_t *)value + 5, strlen(value + 5), false};
  if (strncmp(value, "binary ", 7) != 0) fail("%s wants \"text ...\" or \"binary HEX\", not \"%s\"", key, value);
  uint8_t *bytes = (uint8_t *)value + 7;
  size_t length = 0;
  unsigned byte;
  /* Each byte is written over the two digits it came from, or before them. */
  for (const char *at = value + 7; sscanf(at, "%2x", &byte) == 1; at += 2) bytes[length++] = (uint8_t)byte;
  return (Bytes){bytes, length, true};
}

static Message parse_message(const char *key, char *value) {
  Bytes bytes = parse_bytes(key, value);
  Message message;
  message_parse(&message, bytes.binary, bytes.bytes, bytes.length);
  return message;
}

static Step *add_step(Kind *kind) {
  if (kind->step_count == STEPS_MOST) fail("%s has more than %d steps", kind->name, STEPS_MOST);
  return &kind->steps[kind->step_count++];
}

static bool read_kind_line(Kind *kind, const char *key, char *value) {
  if (strcmp(key, "count") == 0) {
    kind->count = parse_number(key, value);
  } else if (strcmp(key, "path") == 0) {
    message_parse(&kind->path, false, (uint8_t *)value, strlen(value));
  } else if (strcmp(key, "header") == 0) {
    kind->header = value;
  } else if (strcmp(key, "subprotocol") == 0) {
    kind->subprotocol = value;
  } else if (strcmp(key, "first") == 0) {
    kind->first = parse_message(key, value);
  } else if (strcmp(key, "send") == 0) {
    *add_step(kind) = (Step){.type = STEP_SEND, .send = parse_message(key, value)};
  } else if (strcmp(key, "expect") == 0) {
    *add_step(kind) = (Step){.type = STEP_EXPECT, .expect = parse_bytes(key, value)};
  } else if (strcmp(key, "when") == 0) {
    if (kind->reply_count == REPLIES_MOST) fail("%s has more than %d replies", kind->name, REPLIES_MOST);
    kind->replies[kind->reply_count++].when = parse_bytes(key, value);
  } else if (strcmp(key, "reply") == 0) {
    if (kind->reply_count == 0) fail("%s has a reply without a when", kind->name);
    kind->replies[kind->reply_count - 1].reply = parse_message(key, value);
  } else if (strcmp(key, "publish") == 0) {
    kind->publish = parse_message(key, value);
  } else {
    return false;
  }
  return true;
}

static bool read_scenario_line(Scenario *scenario, const char *key, char *value) {
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (strcmp(numbers[i].key, key) != 0) continue;
    *(uint32_t *)((char *)scenario + numbers[i].offset) = parse_number(key, value);
    return true;
  }
  if (strcmp(key, "mode") == 0) {
    scenario->mode = value;
  } else if (strcmp(key, "stage") == 0) {
    if (scenario->stage_count == STAGES_MOST) fail("more than %d stages", STAGES_MOST);
    scenario->stages[scenario->stage_count++] = parse_number(key, value);
  } else if (strcmp(key, "reset") == 0) {
    scenario->reset = parse_bytes(key, value);
  } else {
    return false;
  }
  return true;
}

static char *read_file(const char *path) {
  FILE *file = fopen(path, "r");
  char *text = NULL;
  size_t capacity = 0;
  if (!file || getdelim(&text, &capacity, '\0', file) < 0) fail("cannot read %s", path);
  fclose(file);
  return text; /* never freed: the scenario points into it */
}

void scenario_read(Scenario *scenario, const char *file) {
  *scenario = (Scenario){.concurrency = 64, .payload_bytes = PAYLOAD_SMALLEST, .rooms = 1, .rate = 1, .burst = 1, .limit_s = 60};
  scenario->subscriber.name = "subscriber";
  scenario->publisher.name = "publisher";
  Kind *kind = NULL;
  char *rest = read_file(file);
  for (char *line; (line = strsep(&rest, "\n"));) {
    if (line[0] == '\0') continue;
    if (strcmp(line, "[subscriber]") == 0) {
      kind = &scenario->subscriber;
    } else if (strcmp(line, "[publisher]") == 0) {
      kind = &scenario->publisher;
    } else {
      char *value = line, *key = strsep(&value, " ");
      if (!value) fail("\"%s\" has no value", key);
      if (!(kind ? read_kind_line(kind, key, value) : read_scenario_line(scenario, key, value))) fail("unknown key \"%s\"", key);
    }
  }
  if (!scenario->mode || !scenario->port || !scenario->server_pid) fail("a scenario needs mode, port and server-pid");
  if (!scenario->rooms || !scenario->rate || !scenario->burst || !scenario->concurrency) fail("rooms, rate, burst and concurrency must not be 0");
}
