// One node: a Longwave server with its store, told by its parent what to do.
import process from 'node:process';
import type { AuthorizeContext, Bounds } from '@longwave/core';
import { plantInStore } from '../plants/in-store.js';
import { openStore } from '../stores/open-store.js';
import { tellFailures } from '../stores/tell-failures.js';
import { createChaosServer } from '../workload/contract.js';
import { guestOf } from '../workload/layout.js';
import { watchLag } from './lag.js';
import { type NodeCommand, type NodeConfig, type NodeReport, sharedNow } from './messages.js';

const config = JSON.parse(process.argv[2]!) as NodeConfig;
const revoked = new Set(config.revoked);
const known = new Map<string, boolean>();

function authorize({ user, action, channel }: AuthorizeContext): boolean {
  if (action !== 'subscribe' || !channel.startsWith('guarded/')) return true;
  const isAllowed = user === guestOf(channel) && !revoked.has(user);
  if (config.bug !== 'replay-after-revocation') return isAllowed;
  // The bug: rights are asked once, and remembered for ever.
  const key = `${user} ${channel}`;
  if (!known.has(key)) known.set(key, isAllowed);
  return known.get(key)!;
}

const said = new Map<string, number>();
const logger = {
  // Failures while faults are on come by the thousand: each kind is told three times.
  error: (message: string, cause?: unknown) => {
    const count = (said.get(message) ?? 0) + 1;
    said.set(message, count);
    if (count <= 3) console.error(`${config.name}: ${message}`, cause instanceof Error ? cause.message : (cause ?? ''));
  },
  info: () => undefined,
};

const store = tellFailures(plantInStore(openStore(config.store), config.bug), (call, channel, error) =>
  logger.error(`The store failed to ${call}`, new Error(`${channel}: ${String(error)}`)),
);
const server = createChaosServer({ store, authorize, heartbeat: config.heartbeatMs, logger });

function report(message: NodeReport): void {
  if (process.connected) process.send!(message);
}

async function obey(command: NodeCommand): Promise<unknown> {
  switch (command.type) {
    case 'revoke':
      revoked.add(command.user);
      // This node has done it when the call returns; the others are asked by themselves.
      server
        .user(command.user)
        .recheck()
        .catch(() => undefined);
      return;
    case 'jump':
      // The clock itself is in clock.ts.
      return;
    case 'tick':
      return tick(command.channels, command.everyMs);
    case 'bounds':
      return Promise.all(command.channels.map(boundsOf));
  }
}

/** As a back end does it that stays when nodes go. */
function tick(names: readonly string[], everyMs: number): void {
  let n = 0;
  setInterval(() => {
    n++;
    for (const [p, name] of names.entries()) {
      server
        .channel(name as `log/${string}`)
        .publish({ p, n, t: sharedNow() }, { id: `${p}/${n}` })
        .catch((error: unknown) => logger.error('A tick was not stored.', error));
    }
  }, everyMs);
}

async function boundsOf(channel: string): Promise<Bounds> {
  // Inboxes are kept under a name that no client can give.
  return store.bounds(channel.replace('inbox/', '@me/'));
}

process.on('message', (command: NodeCommand) => {
  obey(command).then(
    (result) => report({ type: 'done', id: command.id, result }),
    (error: unknown) => report({ type: 'done', id: command.id, error: String(error) }),
  );
});
process.on('SIGTERM', () => {
  void server.close({ drain: config.drainMs }).then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(0));

watchLag((lagMs) => report({ type: 'lag', lagMs }));
await server.listen({ port: config.port, host: '127.0.0.1' });
report({ type: 'ready' });
