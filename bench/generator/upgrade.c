#define _GNU_SOURCE
#include "upgrade.h"

#include <string.h>

#include "fail.h"

/* The example of RFC 6455, section 1.3: one key for all connections, so the right answer is a constant. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

size_t upgrade_write(const Kind *kind, const Filling *filling, uint8_t *out, size_t capacity) {
  char path[1024];
  size_t path_length = message_fill(&kind->path, filling, (uint8_t *)path, sizeof path);
  int length = snprintf((char *)out, capacity,
                        "GET %.*s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n%s%s%s%s%s\r\n",
                        (int)path_length, path, kind->subprotocol ? "Sec-WebSocket-Protocol: " : "",
                        kind->subprotocol ? kind->subprotocol : "", kind->subprotocol ? "\r\n" : "",
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
