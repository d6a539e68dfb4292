import { LongwaveError } from '@longwave/protocol';
import type { Complaints } from './complaints.js';
import type { Hooks } from '../base/hooks.js';
import { type MaybePromise, adopt, chain, onFailure } from '../base/maybe-promise.js';
import { fault } from '../base/fault.js';

/** The application's hooks, whose answers are looked at (SES-11): one that fails or says `false` lets nothing through. */
export function checkHooks(hooks: Hooks, complaints: Complaints): Hooks {
  const run = <T>(name: string, work: () => T): MaybePromise<T> =>
    onFailure(
      () => adopt<T>(work()),
      (error) => {
        if (error instanceof LongwaveError) throw error;
        complaints.tell(`The ${name} hook threw: the request is refused.`, error, `${name} ${String(error)}`);
        throw fault('internal');
      },
    );
  const permit = (name: string, work: () => unknown): MaybePromise<void> =>
    chain(run(name, work), (answer) => {
      if (answer !== false) return;
      complaints.tell(`The ${name} hook answered with false, which refuses; throw a LongwaveError to say why.`);
      throw fault('forbidden');
    });
  return {
    ...(hooks.connect && { connect: (connection) => permit('connect', () => hooks.connect!(connection)) }),
    ...(hooks.subscribe && {
      subscribe: (connection, channel) => permit('subscribe', () => hooks.subscribe!(connection, channel)),
    }),
    ...(hooks.publish && { publish: (context) => run('publish', () => hooks.publish!(context)) }),
    ...(hooks.disconnect && {
      disconnect: (connection) => run('disconnect', () => hooks.disconnect!(connection)) as void,
    }),
  };
}
