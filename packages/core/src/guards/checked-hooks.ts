import { LongwaveError } from '@longwave/protocol';
import type { Complaints } from './complaints.js';
import type { Hooks, PublishContext } from '../base/hooks.js';
import { type MaybePromise, adopt, chain, guard, onFailure } from '../base/maybe-promise.js';
import { fault } from '../base/fault.js';
import { ownBytes } from './own-bytes.js';

/** Hooks that let something through or refuse it. */
type Gate = 'connect' | 'subscribe' | 'call' | 'enter';
type ContextOf<Name extends keyof Hooks> = Parameters<Required<Hooks>[Name]>[0];
type Check<Name extends Gate> = (context: ContextOf<Name>) => MaybePromise<void>;

/**
 * The application's hooks as one, in their order: the first that throws refuses (SES-11). Their answers are looked at: one that
 * fails or says `false` lets nothing through. A hook that nobody has is undefined, and costs nothing.
 */
export function checkHooks(all: readonly Hooks[], complaints: Complaints): Hooks {
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
  const gate = <Name extends Gate>(name: Name, call: (hooks: Hooks, context: ContextOf<Name>) => unknown) =>
    inSequence<Name>(
      all.filter((hooks) => hooks[name]).map((hooks) => (context) => permit(name, () => call(hooks, context))),
    );
  const change = (hooks: Hooks, context: PublishContext): MaybePromise<unknown> =>
    chain(
      run('publish', () => hooks.publish!(context)),
      (data) => ownBytes(data) ?? context.data,
    );
  /** It refuses nothing: all of them are told, whatever fails. */
  const tellAll = <Name extends 'expiring' | 'disconnect'>(
    name: Name,
    call: (hooks: Hooks, context: ContextOf<Name>) => unknown,
  ): ((context: ContextOf<Name>) => void) | undefined => {
    const told = all.filter((hooks) => hooks[name]);
    if (told.length === 0) return undefined;
    return (context) => {
      for (const hooks of told) {
        void guard(
          () => chain(adopt<unknown>(call(hooks, context)), () => undefined),
          (error) => complaints.tell(`The ${name} hook threw.`, error, `${name} ${String(error)}`),
        );
      }
    };
  };
  const connect = gate('connect', (on, context) => on.connect!(context));
  const subscribe = gate('subscribe', (on, context) => on.subscribe!(context));
  const call = gate('call', (on, context) => on.call!(context));
  const enter = gate('enter', (on, context) => on.enter!(context));
  const publishing = all.filter((hooks) => hooks.publish);
  const expiring = tellAll('expiring', (on, context) => on.expiring!(context));
  const disconnect = tellAll('disconnect', (on, context) => on.disconnect!(context));
  return {
    ...(connect && { connect }),
    ...(subscribe && { subscribe }),
    ...(call && { call }),
    ...(enter && { enter }),
    // Each is given what the one before it made of the data.
    ...(publishing.length > 0 && {
      publish: (context) =>
        publishing.reduce<MaybePromise<unknown>>(
          (made, hooks) => chain(made, (data) => change(hooks, data === context.data ? context : { ...context, data })),
          context.data,
        ),
    }),
    ...(expiring && { expiring }),
    ...(disconnect && { disconnect }),
  };
}

/** One after the other. Undefined: there is none. */
function inSequence<Name extends Gate>(checks: readonly Check<Name>[]): Check<Name> | undefined {
  if (checks.length < 2) return checks[0];
  return (context) =>
    checks.reduce<MaybePromise<void>>((before, check) => chain(before, () => check(context)), undefined);
}
