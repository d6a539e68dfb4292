// Stores in a process of their own, asked over IPC. Runs what was built.
import process from 'node:process';
import { LongwaveError } from '@longwave/protocol';
import { openStore } from '../../dist/open-store.js';

const stores = new Map();
const watches = new Map();

const actions = {
  open(id, options, stoppedAt) {
    const opened = { ahead: 0 };
    const now = () => (stoppedAt ?? Date.now()) + opened.ahead;
    opened.store = openStore(options, { now, steady: now });
    stores.set(id, opened);
  },
  append: (id, ...args) => stores.get(id).store.append(...args),
  compact: (id, ...args) => stores.get(id).store.compact(...args),
  read: (id, ...args) => stores.get(id).store.read(...args),
  bounds: (id, ...args) => stores.get(id).store.bounds(...args),
  expire: (id) => stores.get(id).store.expire(),
  advance: (id, byMs) => void (stores.get(id).ahead += byMs),
  watch(id, watch, channel) {
    const stop = stores.get(id).store.watch(channel, {
      announce: (epoch, op) => process.send({ watch, epoch, op }),
      learn: (bounds) => process.send({ watch, bounds }),
    });
    watches.set(watch, stop);
  },
  relay: (id, topic, data) => stores.get(id).store.relay.send(topic, data),
  listen(id, watch, topic) {
    watches.set(
      watch,
      stores.get(id).store.relay.listen(topic, (data) => void process.send({ watch, data: Uint8Array.from(data) })),
    );
  },
  stop: (_id, watch) => watches.get(watch)(),
  close: (id) => stores.get(id).store.close(),
};

async function answer({ call, action, args }) {
  try {
    process.send({ call, result: await actions[action](...args) });
  } catch (error) {
    const code = error instanceof LongwaveError ? error.code : undefined;
    process.send({ call, error: { code, message: error.message } });
  }
}

process.on('message', (message) => void answer(message));
process.on('disconnect', () => process.exit());
process.send('ready');
