import type { Call, CallDefinition } from '@longwave/protocol';
import { LongwaveError } from '@longwave/protocol';
import type { Session } from '../session.js';
import { type MaybePromise, adopt, chain, isPromise } from '../../base/maybe-promise.js';
import { requireRoom } from '../in-flight.js';
import { validate } from '../../channels/publisher.js';

/** CALL-1. Not waited for: calls run concurrently, and a slow one holds nothing up (SES-5). */
export function handleCall(session: Session, frame: Call): void {
  const { id, method, data } = frame;
  const { calls } = session.context;
  const definition = Object.hasOwn(calls, method) ? calls[method] : undefined;
  if (!definition) throw new LongwaveError('unknown-method', `No method is called '${method}'.`);
  requireRoom(session);
  session.begin();
  try {
    const input = validate(definition.input, data);
    const done = isPromise(input)
      ? input.then((late) => ask(session, definition, frame, late))
      : ask(session, definition, frame, input);
    if (isPromise(done)) done.catch((error: unknown) => failed(session, id, error));
  } catch (error) {
    failed(session, id, error);
  }
}

function ask(session: Session, definition: CallDefinition, { id, method }: Call, input: unknown): MaybePromise<void> {
  const { hooks } = session.context;
  if (!hooks.call) return perform(session, definition, id, input);
  return chain(hooks.call({ ...session.view, method, input }), () => perform(session, definition, id, input));
}

function perform(session: Session, definition: CallDefinition, id: number, input: unknown): MaybePromise<void> {
  // Its schema or hook may have taken its time (SES-12).
  session.checkActs();
  const output = adopt(definition.handle(input, session.view));
  if (isPromise(output)) return output.then((late) => answer(session, id, late));
  answer(session, id, output);
}

/** CALL-9. */
function answer(session: Session, id: number, output: unknown): void {
  const { answerBytes } = session.context.limits;
  const units = session.outlet.sendData({ type: 'reply', id, data: output }, answerBytes);
  if (units > answerBytes) {
    throw new LongwaveError('too-large', `The answer has ${units} units; at most ${answerBytes} are sent.`);
  }
  session.finish();
}

function failed(session: Session, id: number, error: unknown): void {
  session.fail(id, error);
  session.finish();
}
