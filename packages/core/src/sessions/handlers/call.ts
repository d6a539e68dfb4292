import type { Call, CallDefinition } from '@longwave/protocol';
import { LongwaveError } from '@longwave/protocol';
import type { Session } from '../session.js';
import { type MaybePromise, adopt, isPromise } from '../../base/maybe-promise.js';
import { requireRoom } from '../in-flight.js';
import { validate } from '../../channels/publisher.js';

/** CALL-1. Not waited for: calls run concurrently, and a slow one holds nothing up (SES-5). */
export function handleCall(session: Session, { id, method, data }: Call): void {
  const { calls } = session.context;
  const definition = Object.hasOwn(calls, method) ? calls[method] : undefined;
  if (!definition) throw new LongwaveError('unknown-method', `No method is called '${method}'.`);
  requireRoom(session);
  session.begin();
  try {
    const input = validate(definition.input, data);
    const done = isPromise(input)
      ? input.then((late) => perform(session, definition, id, late))
      : perform(session, definition, id, input);
    if (isPromise(done)) done.catch((error: unknown) => failed(session, id, error));
  } catch (error) {
    failed(session, id, error);
  }
}

function perform(session: Session, definition: CallDefinition, id: number, input: unknown): MaybePromise<void> {
  const { user, claims } = session.identity;
  // Its schema may have taken its time (SES-12).
  session.checkActs();
  const output = adopt(definition.handle(input, { user, claims }));
  if (isPromise(output)) return output.then((late) => answer(session, id, late));
  answer(session, id, output);
}

function answer(session: Session, id: number, output: unknown): void {
  session.send({ type: 'reply', id, data: output });
  session.finish();
}

function failed(session: Session, id: number, error: unknown): void {
  session.fail(id, error);
  session.finish();
}
