#include "sequence.h"

#include <stdlib.h>

#include "fail.h"

static void mark(Sequence *sequence, uint32_t seq) { sequence->seen[seq >> 3] |= (uint8_t)(1u << (seq & 7)); }

static bool was_seen(const Sequence *sequence, uint32_t seq) { return sequence->seen[seq >> 3] >> (seq & 7) & 1; }

static void begin_record(Sequence *sequence, uint32_t total) {
  sequence->seen = calloc(1, total / 8 + 1);
  if (!sequence->seen) fail("out of memory");
  for (uint32_t seq = 0; seq < sequence->next; seq++) mark(sequence, seq);
}

void sequence_take(Sequence *sequence, uint32_t seq, uint32_t total, bool announced, Tally *tally) {
  if (seq >= total) {
    tally->corrupt++;
    return;
  }
  if (seq == sequence->next && !sequence->seen) {
    sequence->next++;
    tally->verified++;
    return;
  }
  if (!sequence->seen) begin_record(sequence, total);
  if (seq < sequence->next) {
    if (was_seen(sequence, seq)) {
      tally->duplicated++;
      return;
    }
    tally->lost--;
    tally->reordered++;
  } else {
    uint32_t gap = seq - sequence->next;
    if (announced) {
      tally->resets++;
      tally->skipped += gap;
      for (uint32_t skipped = sequence->next; skipped < seq; skipped++) mark(sequence, skipped);
    } else {
      tally->lost += gap;
    }
    sequence->next = seq + 1;
  }
  mark(sequence, seq);
  tally->verified++;
}
