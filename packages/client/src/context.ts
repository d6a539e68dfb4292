import type { Backoff } from './connection/backoff.js';
import type { Ports } from './base/ports.js';
import type { OwnPublishes } from './sending/own-publishes.js';
import type { Requests } from './sending/requests.js';
import type { FrameSender } from './connection/frame-sender.js';

/** Objects that the parts of one client share. */
export interface Context {
  readonly ports: Ports;
  readonly sender: FrameSender;
  readonly requests: Requests;
  readonly backoff: Backoff;
  readonly own: OwnPublishes;
}
