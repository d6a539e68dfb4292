// Loaded before a node (`--import`): its wall clock can be set, as an administrator or NTP does it, while monotonic clocks go on.
import process from 'node:process';
import type { NodeCommand } from './messages.js';

const RealDate = Date;
const skew = { ms: 0 };

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: readonly number[]) =>
    args.length === 0 ? new target(target.now() + skew.ms) : new target(...(args as [number])),
  apply: (target) => new target(target.now() + skew.ms).toString(),
  get: (target, key) => (key === 'now' ? () => target.now() + skew.ms : (Reflect.get(target, key) as unknown)),
});

process.on('message', (command: NodeCommand) => {
  if (command.type === 'jump') skew.ms = command.offsetMs;
});
