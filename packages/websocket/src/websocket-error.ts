export type WebSocketErrorCode =
  | 'bad-option'
  | 'bad-close-code'
  | 'bad-close-reason'
  | 'control-too-long'
  | 'not-open'
  | 'wrong-role'
  | 'handshake-failed';

/**
 * Local misuse: thrown synchronously by the call that was wrong. A fault of the *peer* is never thrown; it closes the
 * connection with a code (RFC 6455 §7.4) or fails the handshake with a result value.
 */
export class WebSocketError extends Error {
  override readonly name = 'WebSocketError';
  readonly code: WebSocketErrorCode;

  constructor(code: WebSocketErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
