import { LongwaveError } from '@longwave/protocol';
import type { Limits } from '../base/limits.js';
import type { Subscription } from './subscription.js';
import type { CompiledView } from './state/compiled-view.js';

interface Holder {
  readonly subscriptions: readonly Subscription[];
  readonly identity: { readonly user?: string | undefined };
  readonly context: {
    readonly limits: Limits;
    readonly directory: { sessionsOf(user: string): readonly { readonly subscriptions: readonly Subscription[] }[] };
  };
}

/** VIEW-14. `instead`: what the view takes the place of. Throws `too-many`. */
export function requireViewBudget(session: Holder, view: CompiledView | undefined, instead?: CompiledView): void {
  if (!view) return;
  const { limits, directory } = session.context;
  const more = view.cost - (instead?.cost ?? 0);
  require(costOf(session) + more, limits.viewCost, 'this connection');
  const { user } = session.identity;
  if (user === undefined) return;
  const sessions = directory.sessionsOf(user);
  // So few cannot exceed it.
  if (sessions.length * limits.viewCost <= limits.userViewCost) return;
  let sum = more;
  for (const other of sessions) sum += costOf(other);
  require(sum, limits.userViewCost, 'this user');
}

function costOf({ subscriptions }: Pick<Holder, 'subscriptions'>): number {
  let sum = 0;
  for (const { view } of subscriptions) sum += view?.cost ?? 0;
  return sum;
}

function require(cost: number, most: number, whose: string): void {
  if (cost <= most) return;
  throw new LongwaveError(
    'too-many',
    `The views of ${whose} would cost ${cost}, and may cost ${most}: ask for fewer, or with fewer keys and conditions.`,
  );
}
