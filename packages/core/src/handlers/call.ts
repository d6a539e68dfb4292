import type { Call } from '@longwave/protocol';
import { LongwaveError } from '@longwave/protocol';
import type { Session } from '../session.js';
import { adopt, guard, chain } from '../maybe-promise.js';
import { requireRoom } from '../in-flight.js';
import { validate } from '../publisher.js';

/** CALL-1. Not waited for: calls run concurrently, and a slow one holds nothing up (SES-5). */
export function handleCall(session: Session, { id, method, data }: Call): void {
  const { calls } = session.context;
  const definition = Object.hasOwn(calls, method) ? calls[method] : undefined;
  if (!definition) throw new LongwaveError('unknown-method', `No method is called '${method}'.`);
  requireRoom(session);
  const { user, claims } = session.identity;
  session.begin();
  void guard(
    () =>
      chain(validate(definition.input, data), (input) => {
        // Its schema may have taken its time (SES-12).
        session.checkActs();
        return chain(adopt(definition.handle(input, { user, claims })), (output) => {
          session.send({ type: 'reply', id, data: output });
          session.finish();
        });
      }),
    (error) => {
      session.fail(id, error);
      session.finish();
    },
  );
}
