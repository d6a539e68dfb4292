/** RFC 6455 §7.4.1 and the IANA registry of WebSocket close codes. */
export const CLOSE_CODE = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  /** Reported, never on the wire: the Close frame carried no code. */
  noStatus: 1005,
  /** Reported, never on the wire: the transport ended without a Close frame. */
  abnormal: 1006,
  /** Text that is not UTF-8, or compressed data that cannot be inflated. */
  invalidPayload: 1007,
  policyViolation: 1008,
  messageTooBig: 1009,
  mandatoryExtension: 1010,
  internalError: 1011,
  serviceRestart: 1012,
  tryAgainLater: 1013,
  badGateway: 1014,
} as const;

/**
 * Whether a Close frame may carry this code, in either direction (RFC 6455 §7.4.2): 1000–1014 without the three that are
 * only ever reported (1004 is reserved, 1015 stands for a TLS failure), and the ranges of libraries and applications.
 */
export function isWireCloseCode(code: number): boolean {
  if (code >= 3000 && code <= 4999) return Number.isInteger(code);
  if (code < 1000 || code > 1014 || !Number.isInteger(code)) return false;
  return code !== 1004 && code !== 1005 && code !== 1006;
}
