/* The HTTP/1.1 upgrade of RFC 6455, section 4, as a client. */
#pragma once
#include "scenario.h"

size_t upgrade_write(const Kind *kind, const Filling *filling, uint8_t *out, size_t capacity);

/* Length of the server's answer, 0 while it is incomplete; fails when it is not a correct acceptance. */
size_t upgrade_read(const uint8_t *bytes, size_t length);
