import type { Changes, ClientFrame, MapChange, Operation, OperationKind, ServerFrame, View } from '@longwave/protocol';
import type { MapWatch } from '../api/state-api.js';
import { Harness, subscribedFrame } from './harness.js';

/** The server's operation for one entry: its value, or its removal. */
export function put(key: string, version: number, value: unknown = version): Operation {
  return { offset: version, time: 1_000 + version, payload: JSON.stringify(value), key };
}

export function gone(key: string, version: number, kind: OperationKind = 'delete'): Operation {
  return { offset: version, time: 1_000 + version, payload: '', key, kind };
}

/** A put that is sent as what it changes (MAP-5). */
export function patched(key: string, version: number, patch: unknown): Operation {
  return { ...put(key, version), delta: JSON.stringify(patch) };
}

export function changes(after: number, offset: number, ops: Operation[], more: Partial<Changes> = {}): ServerFrame {
  return { type: 'changes', channel: 'a', epoch: 'e1', after, offset, ops, ...more };
}

/** All that there is. */
export function state(offset: number, ops: Operation[], more: Partial<Changes> = {}): ServerFrame {
  return changes(0, offset, ops, { replace: true, ...more });
}

/** Contiguous changes from `offset` on. */
export function message(offset: number, ...ops: Operation[]): ServerFrame {
  return { type: 'message', channel: 'a', epoch: 'e1', offset, ops };
}

/** The answer to a `subscribe` to state. */
export function stands(to: ClientFrame | undefined, offset = 0, more: Partial<ServerFrame> = {}): ServerFrame {
  return subscribedFrame(to, offset, { mode: 'map', ...more } as Partial<ServerFrame>);
}

/** An update, as short as it can be told: `+a ~b -c(leave)`. */
function told({ added, updated, removed, initial, reset }: MapChange): string {
  const parts = [
    ...added.map((key) => `+${key}`),
    ...updated.map((key) => `~${key}`),
    ...removed.map(({ key, why }) => `-${key}(${why})`),
  ];
  return [initial ? 'initial' : '', reset ? `after ${reset.reason}` : '', ...parts].filter(Boolean).join(' ');
}

export interface Watched {
  readonly watch: MapWatch<unknown>;
  /** Events, in order. */
  readonly log: string[];
  /** The entries that it shows. */
  shown(): Record<string, unknown>;
}

export function watch(h: Harness, view: View = {}, channel = 'a'): Watched {
  const log: string[] = [];
  const mapWatch = h.client.channel(channel).watch(
    {
      ...view,
      onSubscribed: ({ position, recovering, reset }) =>
        log.push(`at ${position.offset} +${recovering} ${reset ?? ''}`.trim()),
      onReset: ({ reason, position }) => log.push(`${reason} ${position.offset}`),
      onEnd: ({ code }) => log.push(`end ${code}`),
    },
    (_, change) => log.push(told(change)),
  );
  return { watch: mapWatch, log, shown: () => Object.fromEntries(mapWatch.getSnapshot()) };
}

/** A client that watches `a`, where it has been told `ops` at `offset`. */
export function watching(ops: Operation[] = [], offset = 0, view: View = {}, tag?: string): Watched & { h: Harness } {
  const h = new Harness();
  const watched = watch(h, view);
  const [subscribe] = h.accept();
  h.link.say(stands(subscribe), state(offset, ops, { tag }));
  watched.log.length = 0;
  return { h, ...watched };
}
