import { type Operation, type Position, type View, decodePayload, isRemoval } from '@longwave/protocol';
import type { Entry, MapChange } from '@longwave/client';
import type { Checker } from './checker.js';
import type { StateLedger } from './state-ledger.js';

export interface WatchMonitorOptions {
  readonly checker: Checker;
  readonly states: StateLedger;
  readonly client: string;
  readonly channel: string;
  readonly view: View;
  /** The view that the server imposes on the user, and since when (VIEW-7). */
  readonly imposed?: () => { readonly view: View | undefined; readonly since: number };
  /** How long after that something may still have been read under what held before. */
  readonly revocationMs?: number;
  /** The store's contents now, and its epoch. */
  readonly stored: () => { readonly epoch: string; readonly ops: readonly Operation[] };
}

/** The news that a watch must tell its application. */
export interface Told {
  readonly entries: ReadonlyMap<string, unknown>;
  readonly change: MapChange | undefined;
  readonly position: Position | undefined;
  entry(key: string): Entry<unknown> | undefined;
}

/**
 * Watches one watch: every value that it shows was stored, under that key and version, in the epoch where it stands; no
 * entry goes back; what it says has changed has, and nothing else. In the end it shows what the store has, through its view.
 */
export class WatchMonitor {
  readonly channel: string;
  state: 'open' | 'ended' | 'left' = 'open';
  #view: View;
  /** It has shown another view: entries that are the same need not be the same objects. */
  #moved = false;
  readonly #checker: Checker;
  readonly #states: StateLedger;
  readonly #stored: WatchMonitorOptions['stored'];
  readonly #imposed: NonNullable<WatchMonitorOptions['imposed']>;
  readonly #revocationMs: number;
  readonly #subject: string;
  /** As it was told last. */
  #shown = new Map<string, { readonly value: unknown; readonly version: number }>();
  #epoch: string | undefined;
  #updates = 0;

  constructor(options: WatchMonitorOptions) {
    const { checker, states, client, channel, view, stored, imposed = all, revocationMs = 0 } = options;
    this.channel = channel;
    this.#view = view;
    this.#checker = checker;
    this.#states = states;
    this.#stored = stored;
    this.#imposed = imposed;
    this.#revocationMs = revocationMs;
    this.#subject = `${client} ${channel} ${JSON.stringify(view)}`;
    this.#checker.trace(this.#subject, () => 'watches');
  }

  get view(): View {
    return this.#view;
  }

  set view(view: View) {
    this.#view = view;
    this.#moved = true;
  }

  onUpdate({ entries, change, position, entry }: Told): void {
    const { epoch } = position ?? {};
    if (!this.#expect(this.state === 'open', () => `was told of an update although it is ${this.state}`)) return;
    if (epoch === undefined) return void this.#expect(false, () => 'was told of an update before it stands anywhere');
    this.#updates++;
    this.#checker.trace(this.#subject, () => `update to ${epoch.slice(0, 4)}:${position!.offset}`);
    if (change) this.#checkChange(entries, change);
    const sameLog = epoch === this.#epoch && !change?.reset;
    const shown = new Map<string, { value: unknown; version: number }>();
    for (const [key, value] of entries) {
      const { version, value: known } = entry(key) ?? { version: -1, value: undefined };
      this.#expect(known === value, () => `${key} has two values`);
      this.#checkStored(epoch, key, version, value);
      const before = this.#shown.get(key);
      this.#expect(!sameLog || !before || version >= before.version, () => `${key} went back to ${version}`);
      if (sameLog && before?.version === version && !this.#moved) {
        this.#expect(before.value === value, () => `${key} is another object although it did not change`);
      }
      shown.set(key, { value, version });
    }
    this.#shown = shown;
    this.#checkComplete(position!);
    this.#epoch = epoch;
  }

  /** Something was lost: what comes stands for itself. */
  onReset(): void {
    this.#checker.trace(this.#subject, () => 'reset');
  }

  onEnd(code: string): void {
    this.state = 'ended';
    this.#checker.trace(this.#subject, () => `ended: ${code}`);
    this.#checker.expect(endings.has(code), 'liveness', this.#subject, () => `ended with ${code}`);
  }

  leave(): void {
    this.state = 'left';
  }

  /** Describes how it differs from the store's contents, seen through the view. Undefined: nothing. */
  difference(stored: readonly Operation[], count: boolean): string | undefined {
    const existing = stored.filter(({ kind }) => !isRemoval(kind));
    // A count is of what may be seen: along no border, in this simulation.
    const live = count ? existing.filter((op) => this.#fit(op) === 'in') : existing;
    if (count) {
      const users = new Set(live.map(({ user, key }) => user ?? key)).size;
      const text = JSON.stringify(this.#shown.get('')?.value);
      const due = JSON.stringify({ entries: live.length, users });
      return text === due ? undefined : `counts ${text}, not ${due}`;
    }
    for (const op of live) {
      const key = op.key ?? '';
      const fit = this.#fit(op);
      const shown = this.#shown.get(key);
      if (fit === 'in' && !shown) return `${key} is missing`;
      if (fit === 'out' && shown) return `${key} is not in the view`;
      if (shown && shown.version !== op.offset) return `${key} has version ${shown.version}, not ${op.offset}`;
    }
    const keys = new Set(live.map(({ key = '' }) => key));
    for (const key of this.#shown.keys()) if (!keys.has(key)) return `${key} is no more`;
    return this.#updates === 0 ? 'nothing was ever told' : undefined;
  }

  /** Entries last changed at or before its position are there, unchanged. */
  #checkComplete({ epoch, offset }: Position): void {
    // While another view is imposed, or once it was, what is shown may still be what was to be seen before.
    if (this.#moved || this.view.count || this.#imposed().since > -Infinity) return;
    const stored = this.#stored();
    if (stored.epoch !== epoch) return;
    for (const op of stored.ops) {
      const key = op.key ?? '';
      if (op.offset > offset || this.#fit(op) !== 'in') continue;
      const version = this.#shown.get(key)?.version;
      this.#expect(version === op.offset, () => `at ${offset}, ${key} has version ${version}, not ${op.offset}`);
    }
  }

  #checkChange(entries: ReadonlyMap<string, unknown>, { added, updated, removed, initial }: MapChange): void {
    this.#expect(initial === (this.#updates === 1), () => `initial is ${initial} at update ${this.#updates}`);
    const changed = new Set([...added, ...updated, ...removed.map(({ key }) => key)]);
    this.#expect(changed.size === added.length + updated.length + removed.length, () => 'names an entry twice');
    for (const key of added) {
      this.#expect(entries.has(key) && !this.#shown.has(key), () => `${key} was not added`);
    }
    for (const key of updated) {
      this.#expect(entries.has(key) && this.#shown.has(key), () => `${key} was not updated`);
    }
    for (const { key } of removed) {
      this.#expect(!entries.has(key) && this.#shown.has(key), () => `${key} was not removed`);
    }
    for (const [key, value] of entries) {
      if (changed.has(key)) continue;
      this.#expect(this.#moved || this.#shown.get(key)?.value === value, () => `${key} changed without a word`);
    }
    for (const key of this.#shown.keys()) {
      this.#expect(changed.has(key) || entries.has(key), () => `${key} vanished without a word`);
    }
  }

  #checkStored(epoch: string, key: string, version: number, value: unknown): void {
    // A count is made by the server from what is stored.
    if (this.view.count) return;
    const known = this.#states.at(epoch, this.channel, version);
    if (!this.#expect(known !== undefined, () => `${key} has version ${version}, which was never stored`)) return;
    const { op, at } = known!;
    this.#checkAllowed(op, at);
    this.#expect((op.key ?? '') === key, () => `${key} has version ${version}, which is of ${op.key}`);
    const stored = String(op.payload);
    this.#expect(JSON.stringify(value) === stored, () => `${key} is ${JSON.stringify(value)}, not ${stored}`);
  }

  /** G7: nothing is shown that was stored when it was not to be seen any more. */
  #checkAllowed(op: Operation, at: number): void {
    const { view = {}, since } = this.#imposed();
    if (at <= since + this.#revocationMs) return;
    const fit = fits(view, op.key ?? '', decodePayload(op.payload));
    this.#checker.expect(fit !== 'out', 'G7', this.#subject, () => {
      return `${op.key} of ${op.offset} is shown, outside of what may be seen: ${JSON.stringify(view)}`;
    });
  }

  /** How the entry lies to the view, and to what may be seen. */
  #fit({ key = '', payload }: Operation): Fit {
    const value = decodePayload(payload);
    const both = [this.view, this.#imposed().view ?? {}].map((view) => fits(view, key, value));
    return both.find((fit) => fit === 'out') ?? both.find((fit) => fit === 'margin') ?? 'in';
  }

  #expect(holds: boolean, message: () => string): boolean {
    return this.#checker.expect(holds, 'G2', this.#subject, message);
  }
}

/** A right was withdrawn, or the client has ended. */
const endings: ReadonlySet<string> = new Set(['forbidden', 'closed', 'disconnected', 'superseded', 'unauthenticated']);

const all = () => ({ view: undefined, since: -Infinity });

type Fit = 'in' | 'margin' | 'out';

/** The oracle: written for clarity, from SPEC.md alone. */
function fits({ keys, where, area }: View, key: string, value: unknown): Fit {
  if (keys && !keys.includes(key)) return 'out';
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  for (const [field, condition] of Object.entries(where ?? {})) {
    const { gte } = condition as { gte: number };
    const member = fields[field];
    if (typeof member !== 'number' || member < gte) return 'out';
  }
  if (!area) return 'in';
  const [minX, , maxX] = area.box!;
  const { x } = fields;
  if (typeof x !== 'number' || typeof fields['y'] !== 'number') return 'out';
  if (x >= minX && x <= maxX) return 'in';
  const margin = (area.margin ?? 0.05) * (maxX - minX);
  return x >= minX - margin && x <= maxX + margin ? 'margin' : 'out';
}
