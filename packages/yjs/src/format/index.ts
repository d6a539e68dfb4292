export { Assembler } from './assembler.js';
export { isUpdate } from './check-update.js';
export { type MemberStates, statesOf } from './member-states.js';
export { decodePayload, encodeUpdates } from './payload.js';
export { Speakers } from './speakers.js';
