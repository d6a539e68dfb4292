import { setTimeout as sleep } from 'node:timers/promises';
import { binaryCodec, connect } from 'longwave/client';
import { bind } from 'longwave/yjs';
import { makeTyped, toStored } from '../documents.mjs';
import { withServer } from '../stored.mjs';
import { until, within } from '../wait.mjs';
import { Y } from '../yjs.mjs';

/** @typedef {{ readonly cursors: number, readonly perSecond: number, readonly windowMs: number }} AwarenessSize */

const colors = ['#30bced', '#6eeb83', '#ffbc42', '#ecd444', '#ee6352'];

/** Where the cursor of a person is, in the form that bindings of editors give it. @param {number} index @param {number} step */
const stateOf = (index, step) => {
  const place = { type: null, tname: 'body', item: { client: 1_000_000_000 + index, clock: step }, assoc: 0 };
  return {
    user: { name: `Person ${index}`, color: colors[index % colors.length] },
    cursor: { anchor: place, head: place },
  };
};

/**
 * Everybody in one document moves their cursor all the time: what one client is sent of it. The clients are those of `longwave/yjs`,
 * whose rate falls as their number grows; at the end each must show the last place of all.
 * @param {AwarenessSize} size
 */
export function awareness({ cursors, perSecond, windowMs }) {
  const documents = () => [toStored('doc/other', makeTyped(1))];
  return withServer({ server: 'longwave', label: 'typing', documents }, async (server) => {
    let heard = 0;
    let isMeasured = false;
    /** @type {{ client: import('longwave/client').Client, binding: import('longwave/yjs').Binding }[]} */
    const people = [];
    for (let i = 0; i < cursors; i++) {
      const client = connect(`http://127.0.0.1:${server.port}`, { codec: binaryCodec(), transport: 'websocket' });
      const binding = bind(/** @type {any} */ (client.channel('doc/shared')), new Y.Doc());
      await within(binding.synced, 'a bound client');
      binding.awareness.setLocalState(stateOf(i, 0));
      binding.awareness.on(
        'update',
        (/** @type {{ updated: number[] }} */ { updated }, /** @type {unknown} */ origin) => {
          if (isMeasured && origin !== 'local') heard += updated.length;
        },
      );
      people.push({ client, binding });
    }
    /** @param {number} step */
    const showsAll = (step) => {
      const wanted = people.map((_, i) => JSON.stringify(stateOf(i, step))).sort();
      return people.every(({ binding }) => {
        const shown = [...binding.awareness.getStates().values()].map((state) => JSON.stringify(state)).sort();
        return shown.length === cursors && shown.every((state, i) => state === wanted[i]);
      });
    };
    await until(() => showsAll(0), 'everybody sees everybody', 60_000);
    const gapMs = 1000 / perSecond;
    const steps = Math.round(windowMs / gapMs);
    isMeasured = true;
    const bytesBefore = await server.tell('bytesSent');
    const cpuBefore = server.cpuMs();
    const startedAt = performance.now();
    for (let n = 0; n < steps * cursors; n++) {
      const waitMs = startedAt + (n * gapMs) / cursors - performance.now();
      if (waitMs > 1) await sleep(waitMs);
      const i = n % cursors;
      people[i]?.binding.awareness.setLocalState(stateOf(i, Math.floor(n / cursors) + 1));
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuMs = server.cpuMs() - cpuBefore;
    const bytes = (await server.tell('bytesSent')) - bytesBefore;
    isMeasured = false;
    await until(() => showsAll(steps), 'everybody shows the last place of all', 60_000);
    for (const { binding, client } of people) {
      binding.unsubscribe();
      client.close();
    }
    return {
      cursors,
      kbPerSecond: bytes / cursors / seconds / 1000,
      shownPerSecond: heard / cursors / (cursors - 1) / seconds,
      cpuPercent: cpuMs / seconds / 10,
      lateMs: seconds * 1000 - windowMs,
    };
  });
}
