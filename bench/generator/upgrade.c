#define _GNU_SOURCE
#include "upgrade.h"

#include <string.h>

#include "fail.h"

/* The example of RFC 6455, section 1.3: one key for all connections, so the right answer is a constant. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

/* RFC 4648 section 5, without padding. */
static size_t base64url(const uint8_t *bytes, size_t length, char *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  size_t written = 0;
  for (size_t at = 0; at < length; at += 3) {
    size_t left = length - at;
    uint32_t group = (uint32_t)bytes[at] << 16 | (left > 1 ? (uint32_t)bytes[at + 1] << 8 : 0) | (left > 2 ? bytes[at + 2] : 0);
    for (size_t i = 0; i < (left > 2 ? 4 : left + 1); i++) out[written++] = digits[group >> (18 - 6 * i) & 63];
  }
  return written;
}

/* The kind's subprotocols, with its first message in the place for it. */
static size_t fill_subprotocol(const Kind *kind, const Filling *filling, char *out, size_t capacity) {
  static const char mark[] = "{{first}}";
  const char *place = strstr(kind->subprotocol, mark);
  if (!place) return (size_t)snprintf(out, capacity, "%s", kind->subprotocol);
  uint8_t first[1024];
  size_t first_length = message_fill(&kind->first, filling, first, sizeof first);
  size_t before = (size_t)(place - kind->subprotocol);
  if (before + first_length * 2 + strlen(place) >= capacity) fail("a first message of %zu bytes", first_length);
  memcpy(out, kind->subprotocol, before);
  size_t length = before + base64url(first, first_length, out + before);
  const char *after = place + sizeof mark - 1;
  memcpy(out + length, after, strlen(after));
  return length + strlen(after);
}

size_t upgrade_write(const Kind *kind, const Filling *filling, uint8_t *out, size_t capacity) {
  char path[1024];
  size_t path_length = message_fill(&kind->path, filling, (uint8_t *)path, sizeof path);
  char subprotocol[4096];
  size_t subprotocol_length = kind->subprotocol ? fill_subprotocol(kind, filling, subprotocol, sizeof subprotocol) : 0;
  int length = snprintf((char *)out, capacity,
                        "GET %.*s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n%s%.*s%s%s%s\r\n",
                        (int)path_length, path, kind->subprotocol ? "Sec-WebSocket-Protocol: " : "",
                        (int)subprotocol_length, subprotocol, kind->subprotocol ? "\r\n" : "",
                        kind->header ? kind->header : "", kind->header ? "\r\n" : "");
  if ((size_t)length >= capacity) fail("an upgrade request of %d bytes", length);
  return (size_t)length;
}

size_t upgrade_read(const uint8_t *bytes, size_t length) {
  static const char end[] = "\r\n\r\n", accepted[] = "HTTP/1.1 101";
  const uint8_t *at = memmem(bytes, length, end, 4);
  if (!at) return 0;
  size_t used = (size_t)(at - bytes) + 4;
  if (memcmp(bytes, accepted, sizeof accepted - 1) != 0 || !memmem(bytes, used, ACCEPT, sizeof ACCEPT - 1)) {
    fail("the server refused the upgrade: %.*s", (int)used, (const char *)bytes);
  }
  return used;
}
