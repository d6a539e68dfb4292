import type { Backoff } from './connection/backoff.js';
import type { Ports } from './base/ports.js';
import type { Late } from './base/late.js';
import type { Sending } from './sending/sending.js';
import type { FrameSender } from './connection/frame-sender.js';

/** Objects that the parts of one client share. */
export interface Context {
  readonly ports: Ports;
  readonly sender: FrameSender;
  readonly backoff: Backoff;
  readonly sending: Late<Sending>;
}
