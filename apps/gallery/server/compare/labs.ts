import { randomBytes } from 'node:crypto';
import { LongwaveError, call } from 'longwave';
import { type CompareCalls, LabRef, type LabReport, LabSettings, Nothing } from '../../shared/compare.js';
import { type Lab, openLab } from './lab.js';
import { networkOf, placeToGiveUp } from './places.js';
import { serverTime } from './server-time.js';

/** Each holds five ports and a small server. */
const maxLabs = 16;
/** A page has one, and for a moment two when it begins anew. */
const maxOfConnection = 3;
const reportMs = 500;
/** Nobody is connected for so long: the page is gone. */
const abandonedMs = 15_000;
/** The feed stands still for so long: the page is in a hidden tab, or was left. */
const pausedMs = 5 * 60_000;

interface LabsOptions {
  /** Where the gallery listens, known when it does. */
  readonly host: () => string;
  readonly report: (lab: string, report: LabReport) => void;
  readonly now?: () => number;
}

export interface Labs {
  readonly calls: CompareCalls;
  close(): Promise<void>;
}

/** Facts about the connection that `authenticate` keeps for the calls. */
export interface GuestClaims {
  readonly origin: string | undefined;
}

/** The visitor that has a lab. */
interface Holder {
  readonly connection: string;
  readonly network: string;
}

interface Running extends Holder {
  readonly lab: Lab;
  readonly timer: NodeJS.Timeout;
  isPaused: boolean;
  /** Since when it is as it should not stay. */
  idleSince: number | undefined;
}

/** The labs of all pages: how many there may be, and when each comes to its end. */
export function createLabs({ host, report, now = () => performance.now() }: LabsOptions): Labs {
  /** The oldest first. */
  const labs = new Map<string, Running>();
  const opening = new Set<Holder>();

  const find = (id: string): Running => {
    const found = labs.get(id);
    if (!found) throw new LongwaveError('invalid-data', 'This comparison has ended.');
    return found;
  };

  const end = async (id: string, because: string): Promise<void> => {
    const running = labs.get(id);
    if (!running) return;
    labs.delete(id);
    clearInterval(running.timer);
    report(id, { kind: 'ended', because });
    // A lab that fails to close leaves a few ports.
    await running.lab.close().catch(() => undefined);
  };

  const watch = (id: string, lab: Lab): NodeJS.Timeout => {
    let last = '';
    return setInterval(() => {
      const running = find(id);
      const { lines } = lab;
      const text = JSON.stringify(lines);
      if (text !== last) report(id, { kind: 'lines', lines });
      last = text;
      if (lab.open > 0 && !running.isPaused) running.idleSince = undefined;
      else running.idleSince ??= now();
      const idleMs = now() - (running.idleSince ?? now());
      if (lab.open === 0 && idleMs >= abandonedMs) void end(id, 'Nobody was connected any more.');
      else if (idleMs >= pausedMs) void end(id, 'It stood still for five minutes.');
    }, reportMs);
  };

  /** Resolves when there is room for one more, which is taken from that moment on. */
  const makeRoom = async (holder: Holder): Promise<void> => {
    const own = [...labs.values(), ...opening].filter(({ connection }) => connection === holder.connection);
    if (own.length >= maxOfConnection) throw new LongwaveError('too-many', 'This page has its comparison already.');
    const isFull = labs.size + opening.size >= maxLabs;
    const places = [...labs].map(([id, { lab, network, isPaused }]) => ({
      id,
      network,
      isIdle: isPaused || lab.open === 0,
    }));
    const place = isFull ? placeToGiveUp(places, holder.network) : undefined;
    if (isFull && !place) throw new LongwaveError('unavailable', `All ${maxLabs} places are being taken.`);
    opening.add(holder);
    if (place) await end(place.id, `All ${maxLabs} places were taken when another page asked for one.`);
  };

  return {
    calls: {
      'compare/open': call(Nothing, async (_, { claims, connection, info }) => {
        const holder: Holder = { connection: connection.id, network: networkOf(info.remoteAddress) };
        try {
          await makeRoom(holder);
          const lab = await openLab({ host: host(), origin: (claims as GuestClaims).origin });
          const id = randomBytes(16).toString('hex');
          labs.set(id, { ...holder, lab, timer: watch(id, lab), isPaused: true, idleSince: undefined });
          return { lab: id, ports: lab.ports };
        } finally {
          opening.delete(holder);
        }
      }),
      'compare/set': call(LabSettings, ({ lab: id, ...settings }) => {
        const running = find(id);
        running.isPaused = settings.rate === 0;
        return running.lab.configure(settings);
      }),
      'compare/close': call(LabRef, async ({ lab }) => {
        await end(lab, 'The page closed it.');
        return null;
      }),
      'compare/clock': call(Nothing, () => serverTime()),
    },
    close: async () => {
      await Promise.all([...labs.keys()].map((id) => end(id, 'The server is closing.')));
    },
  };
}
