/*
 * The check that makes a delivery a verified one: each subscriber is to see each sequence number once and in order.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint32_t next; /* everything below has been seen or is missing */
  uint8_t *seen; /* one bit per number; made at the first irregularity, since almost no subscriber ever has one */
} Sequence;

typedef struct {
  uint64_t verified;   /* seen for the first time: the deliveries that count */
  uint64_t lost;       /* passed over and never seen later */
  uint64_t duplicated; /* seen again */
  uint64_t reordered;  /* seen for the first time, after a later one */
  uint64_t corrupt;    /* payload altered, or a number nobody published */
  uint64_t misrouted;  /* payload of another room */
  uint64_t resets;     /* gaps the server announced before what follows them */
  uint64_t skipped;    /* messages inside such gaps */
} Tally;

/* Takes `seq` of the `total` there may be. `announced`: the server said that continuity is broken here. */
void sequence_take(Sequence *sequence, uint32_t seq, uint32_t total, bool announced, Tally *tally);
