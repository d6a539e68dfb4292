// The life of a connection after its handshake (RFC 6455 §7.1), as one table. CONNECTING is not in it: before the 101
// there is no connection, but a request given to `acceptHandshake` or a `ClientHandshake`.

/** `open`; `closing`: our Close frame is out, the peer's is awaited; `closed`: nothing more is sent or read. */
export type ConnectionState = 'open' | 'closing' | 'closed';

export type ConnectionStep =
  /** This end sends a Close frame and waits for the answer (§7.1.2). */
  | 'close-sent'
  /** A valid Close frame came: in `open` it is echoed, in `closing` it is the answer (§5.5.1). */
  | 'close-received'
  /** _Fail the WebSocket Connection_ (§7.1.7): the peer broke a rule, or the host gave it up. */
  | 'failed'
  /** The transport ended or broke. */
  | 'transport-ended';

const NEXT: Readonly<Record<ConnectionState, Readonly<Record<ConnectionStep, ConnectionState>>>> = {
  open: { 'close-sent': 'closing', 'close-received': 'closed', failed: 'closed', 'transport-ended': 'closed' },
  closing: { 'close-sent': 'closing', 'close-received': 'closed', failed: 'closed', 'transport-ended': 'closed' },
  closed: { 'close-sent': 'closed', 'close-received': 'closed', failed: 'closed', 'transport-ended': 'closed' },
};

export function nextState(state: ConnectionState, step: ConnectionStep): ConnectionState {
  return NEXT[state][step];
}
