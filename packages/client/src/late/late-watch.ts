import type { Entry, Position, View } from '@longwave/protocol';
import { LongwaveError } from '@longwave/protocol/client';
import type { MapWatch, ValueWatch, WatchOptions } from '../api/state-api.js';
import { checkView } from '../base/check.js';
import { Deferred } from '../base/deferred.js';
import { Listeners } from '../base/listeners.js';
import type { Ports } from '../base/ports.js';
import { call } from '../base/safe-call.js';
import { withKeys, withoutKeys } from '../subscriptions/view-keys.js';

/** A watch of either kind. */
type AnyWatch = Pick<MapWatch<unknown>, 'view' | 'entry' | 'setView'> & ValueWatch<unknown>;

/** The watch that the application gets while the part that makes watches is loaded: it shows nothing, and then what the real one shows. */
export class LateWatch {
  readonly #ports: Pick<Ports, 'reportError'>;
  readonly #options: WatchOptions;
  readonly #empty: unknown;
  readonly #listeners = new Listeners<[]>();
  readonly #ready = new Deferred<Position>();
  #view: View;
  #watch: AnyWatch | undefined;
  #ended = false;

  /** `empty` is what it shows at first. */
  constructor(ports: Pick<Ports, 'reportError'>, view: View, options: WatchOptions, empty: unknown) {
    this.#ports = ports;
    this.#view = view;
    this.#options = options;
    this.#empty = empty;
  }

  /** The part is there. `open` gets the view that was set last, and throws where it may not be watched. */
  open(open: (view: View) => object): void {
    if (this.#ended) return;
    try {
      const watch = (this.#watch = open(this.#view) as AnyWatch);
      watch.subscribe(() => this.#listeners.tell(this.#ports));
      watch.ready.then(this.#ready.resolve, this.#ready.reject);
    } catch (error) {
      this.end(error as LongwaveError);
    }
  }

  /** The client ended before the part came. */
  end(error: LongwaveError): void {
    if (this.#ended) return;
    this.#finish(error);
    call(this.#ports, this.#options.onEnd, error);
  }

  get state(): ValueWatch<unknown>['state'] {
    return this.#watch?.state ?? (this.#ended ? 'ended' : 'pending');
  }

  get ready(): Promise<Position> {
    return this.#ready.promise;
  }

  get position(): Position | undefined {
    return this.#watch?.position;
  }

  get view(): View {
    return this.#watch?.view ?? this.#view;
  }

  readonly getSnapshot = (): unknown => (this.#watch ? this.#watch.getSnapshot() : this.#empty);

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  entry(key: string): Entry<unknown> | undefined {
    return this.#watch?.entry(key);
  }

  setView(view: View): void {
    if (this.#watch) return this.#watch.setView(view);
    checkView(view);
    this.#view = view;
  }

  track(...keys: string[]): void {
    this.setView(withKeys(this.view, keys));
  }

  untrack(...keys: string[]): void {
    this.setView(withoutKeys(this.view, keys));
  }

  unsubscribe(): void {
    if (this.#watch) return this.#watch.unsubscribe();
    this.#finish(new LongwaveError('closed', 'Unsubscribed.'));
  }

  #finish(error: LongwaveError): void {
    this.#ended = true;
    this.#ready.reject(error);
  }
}
