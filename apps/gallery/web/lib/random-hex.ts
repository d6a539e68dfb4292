/** Random bytes in hex. Not `randomUUID`: that exists on secure origins only, and the gallery also runs on a LAN address. */
export function randomHex(byteLength: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(byteLength)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
