import { type Client, LongwaveError, type Subscription } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { CompareCalls, LabReport } from '../../shared/compare.js';
import type { Cable } from '../faults/cable.js';
import { type Store, createStore } from '../lib/store.js';
import { createServerClock } from './clock.js';
import type { ClockEstimate } from './clock-offset.js';
import { type PerLane, perLane } from './per-lane.js';
import { type LaneFigures, type Run, createRun } from './run.js';
import type { Plot } from './timeline.js';

/** Settings that the visitor chooses. */
export interface Settings {
  /** Messages a second. */
  readonly rate: number;
  readonly pollSeconds: number;
  readonly delayMs: number;
  readonly bytesPerSecond: number | null;
  /** The feed stands still. */
  readonly isPaused: boolean;
}

export interface ComparisonState {
  readonly phase: 'opening' | 'connecting' | 'running' | 'ended';
  /** Why it has ended. */
  readonly because: string | undefined;
  readonly settings: Settings;
  readonly figures: PerLane<LaneFigures> | undefined;
  readonly plot: Plot | undefined;
  readonly clock: ClockEstimate | undefined;
}

export interface Comparison {
  readonly store: Store<ComparisonState>;
  /** Begins from nothing, with lanes that connect anew. */
  restart(): void;
  choose(change: Partial<Settings>): void;
  close(): void;
}

interface ComparisonOptions {
  readonly client: Client<GalleryChannels, CompareCalls>;
  readonly urlOf: (port: number) => string;
  /** The page's network. */
  readonly cable: Cable;
  /** The plot should move as little as may be. */
  readonly isCalm: () => boolean;
}

const firstClockSamples = 12;
const clockMs = 5000;
const showMs = 500;
/** Multiple of `showMs` at which a plot changes that should keep calm. */
const calmMultiple = 10;
/** A lane that does not get through does not keep the others waiting any longer. */
const patienceMs = 20_000;
/** A server that stands and cannot answer is asked again after this long. */
const retryMs = 2000;

const initial: ComparisonState = {
  phase: 'opening',
  because: undefined,
  settings: { rate: 5, pollSeconds: 3, delayMs: 0, bytesPerSecond: null, isPaused: false },
  figures: undefined,
  plot: undefined,
  clock: undefined,
};

/** Everything that belongs to one lab, ended together. */
interface Attempt {
  lab: string | undefined;
  run: Run | undefined;
  reports: Subscription<LabReport> | undefined;
  readonly timers: ReturnType<typeof setInterval>[];
}

/**
 * Opens a lab on the server, runs the four lanes against it, and shows what they measure twice a
 * second: from now until `close`.
 */
export function createComparison({ client, urlOf, cable, isCalm }: ComparisonOptions): Comparison {
  const store = createStore<ComparisonState>(initial);
  const clock = createServerClock(client);
  let current: Attempt | undefined;
  let shows = 0;
  let isSending = false;
  let isStale = false;
  /** It ended because the server could not be asked. */
  let waitsForServer = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const set = (change: Partial<ComparisonState>): void => store.set((state) => ({ ...state, ...change }));

  const show = (): void => {
    const run = current?.run;
    if (!run || document.hidden) return;
    const isDue = !isCalm() || shows++ % calmMultiple === 0;
    set({ figures: run.figures(), clock: clock.estimate, ...(isDue && { plot: run.plot() }) });
  };

  const leave = (): void => {
    const left = current;
    current = undefined;
    if (!left) return;
    for (const timer of left.timers) clearInterval(timer);
    left.run?.close();
    left.reports?.unsubscribe();
    // If it does not get through, the server finds out by itself.
    if (left.lab !== undefined) client.call('compare/close', { lab: left.lab }).catch(() => undefined);
  };

  const end = (because: string): void => {
    show();
    leave();
    set({ phase: 'ended', because, figures: ended(store.get().figures) });
  };

  const configure = (lab: string, isFeeding: boolean) => {
    const { rate, delayMs, bytesPerSecond, isPaused } = store.get().settings;
    const isStill = !isFeeding || isPaused || document.hidden;
    return client.call('compare/set', { lab, rate: isStill ? 0 : rate, delayMs, bytesPerSecond });
  };

  /** Sends the settings as they are; while it does, further changes wait and go together. */
  const send = async (): Promise<void> => {
    isStale = true;
    if (isSending) return;
    isSending = true;
    try {
      while (isStale && current?.lab !== undefined) {
        isStale = false;
        await configure(current.lab, store.get().phase === 'running');
      }
    } catch (error) {
      // The server knows no such lab: it was started anew, or gave up one that stood still.
      if (error instanceof LongwaveError && error.advice === 'fix') restart();
    } finally {
      isSending = false;
    }
  };

  const begin = async (attempt: Attempt): Promise<void> => {
    if (attempt !== current || attempt.lab === undefined || store.get().phase !== 'connecting') return;
    const lines = await configure(attempt.lab, true);
    if (attempt !== current) return;
    attempt.run?.begun(lines);
    set({ phase: 'running' });
    // Settings that were chosen meanwhile.
    void send();
  };

  const open = async (attempt: Attempt): Promise<void> => {
    await clock.ask(firstClockSamples);
    const address = await client.call('compare/open', {});
    const { lab } = address;
    attempt.lab = lab;
    if (attempt !== current) return void client.call('compare/close', { lab }).catch(() => undefined);
    attempt.reports = client.channel(`compare/${lab}`).subscribe(
      {
        from: { last: 10 },
        onReset: () => restart(),
        onEnd: (error) => end(error.message),
      },
      (report) => {
        if (report.kind === 'lines') attempt.run?.addLines(report.lines);
        else end(report.because);
      },
    );
    attempt.reports.ready.catch(() => undefined);
    await configure(lab, false);
    if (attempt !== current) return;
    const beginOrEnd = (): void => void begin(attempt).catch(failed(attempt));
    attempt.run = createRun({
      address,
      urlOf,
      cable,
      serverNow: clock.now,
      pollMs: () => store.get().settings.pollSeconds * 1000,
      onStanding: beginOrEnd,
    });
    set({ phase: 'connecting' });
    attempt.timers.push(
      setInterval(show, showMs),
      setInterval(() => void clock.ask(1).catch(() => undefined), clockMs),
      setTimeout(beginOrEnd, patienceMs),
    );
  };

  const failed =
    (attempt: Attempt) =>
    (error: unknown): void => {
      if (attempt !== current) return;
      end(error instanceof Error ? error.message : String(error));
      // A server that went away comes back without this lab: the next connection asks for another.
      waitsForServer = error instanceof LongwaveError && error.advice === 'retry';
      if (waitsForServer && client.state.status === 'connected') retry = setTimeout(restart, retryMs);
    };

  const restart = (): void => {
    leave();
    clearTimeout(retry);
    waitsForServer = false;
    const attempt: Attempt = { lab: undefined, run: undefined, reports: undefined, timers: [] };
    current = attempt;
    set({ phase: 'opening', because: undefined, figures: undefined, plot: undefined });
    open(attempt).catch(failed(attempt));
  };

  const onVisibility = (): void => {
    // Nobody looks: the feed stands still. A lab that was given up for it meanwhile is replaced.
    if (!document.hidden && store.get().phase === 'ended') restart();
    else void send();
  };

  // Settings that could not be sent while the connection was away.
  const stopListening = client.onState(({ status }) => {
    if (status !== 'connected') return;
    if (waitsForServer) restart();
    else void send();
  });
  document.addEventListener('visibilitychange', onVisibility);
  restart();

  return {
    store,
    restart,
    choose: (change) => {
      set({ settings: { ...store.get().settings, ...change } });
      if (change.pollSeconds !== undefined) current?.run?.intervalChanged();
      void send();
    },
    close: () => {
      stopListening();
      document.removeEventListener('visibilitychange', onVisibility);
      clearTimeout(retry);
      leave();
    },
  };
}

/** The last figures of lanes that are closed. */
function ended(figures: PerLane<LaneFigures> | undefined): PerLane<LaneFigures> | undefined {
  return figures && perLane((name) => ({ ...figures[name], status: 'ended' }));
}
