import type { Action } from '../../base/authority.js';
import { LongwaveError } from '@longwave/protocol';
import type { Session } from '../session.js';
import { authorizedAddress } from './address.js';

/**
 * Whether an open session may do `action` in a channel: for hosts that have to tell their peer beforehand. Each request is judged anew
 * all the same. Rejects with `unknown-channel`, and with the failure of `authorize`.
 */
export async function mayDo(session: Session, action: Action, channel: string): Promise<boolean> {
  try {
    session.checkActs();
    await authorizedAddress(session, channel, action);
    return true;
  } catch (error) {
    if (error instanceof LongwaveError && error.code === 'forbidden') return false;
    throw error;
  }
}
