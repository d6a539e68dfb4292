/*
 * What is published: valid JSON of a fixed size, recognisable inside any envelope a peer wraps around it.
 *
 *   {"m":"LW","r":"007","s":"0000000123","t":"0000001234567890","p":"xxxxxxxxxxx"}
 *
 * r: room, s: sequence within the room, t: when the message was due (ns, generator's clock), p: padding up to the size.
 * Digits stand in strings because a JSON number may not begin with a zero.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAYLOAD_SMALLEST 78

typedef struct {
  uint32_t room;
  uint32_t seq;
  uint64_t due;
} Payload;

/* Sets the size of every payload of this run. */
void payload_configure(size_t size);
size_t payload_size(void);

/* Writes payload_size() bytes. */
void payload_write(uint8_t *out, const Payload *payload);

/*
 * The first payload between from and end, or NULL. `hint` remembers at which distance the last one was found: the
 * envelopes of one peer are mostly of one length, so most searches are a single comparison.
 */
const uint8_t *payload_find(const uint8_t *from, const uint8_t *end, size_t *hint);

/* False where any byte other than the three numbers differs from what was published. */
bool payload_read(const uint8_t *at, Payload *payload);
