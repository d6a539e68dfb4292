import type { ViolationKind } from '../checker/violations.js';

export type BugName =
  | 'drop-delivery'
  | 'duplicate-on-retry'
  | 'swap-two'
  | 'ignore-epoch'
  | 'ack-before-append'
  | 'lose-tail-silently'
  | 'resume-one-late'
  | 'resume-one-early'
  | 'forget-reset'
  | 'wrong-channel'
  | 'foreign-acks'
  | 'lose-last-of-quiet'
  | 'dedupe-off'
  | 'replay-after-revocation'
  | 'ack-without-folder'
  | 'redaction-without-effect'
  | 'old-name-after-deletion'
  | 'silence-after-deletion';

export interface PlantedBug {
  readonly name: BugName;
  readonly story: string;
  /** As what the checker must find it. Undefined: it must be absorbed, and nothing found. */
  readonly caughtBy: readonly ViolationKind[] | undefined;
  /** The event that makes it show. */
  readonly provokedBy: 'nothing' | 'silence' | 'cuts' | 'kills' | 'revocation' | 'removal' | 'deletion';
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'drop-delivery',
    story: 'one delivery in 10,000 never reaches the application',
    caughtBy: ['silent-gap'],
    provokedBy: 'nothing',
  },
  {
    name: 'duplicate-on-retry',
    story: 'an append that failed after it was stored is stored again by its retry',
    caughtBy: ['duplicated'],
    provokedBy: 'nothing',
  },
  {
    name: 'swap-two',
    story: 'two operations of one message in 50 change places on their way',
    caughtBy: ['reordered'],
    provokedBy: 'nothing',
  },
  {
    name: 'ignore-epoch',
    story: 'a store that begins anew goes by the name of the old one',
    caughtBy: ['lost'],
    provokedBy: 'kills',
  },
  {
    name: 'ack-before-append',
    story: 'one append in 1,000 is acknowledged and never stored',
    caughtBy: ['lost'],
    provokedBy: 'nothing',
  },
  {
    name: 'lose-tail-silently',
    story: 'the store fails over to a copy that lacks the last three operations, and goes on under the same name',
    caughtBy: ['lost'],
    provokedBy: 'nothing',
  },
  {
    name: 'resume-one-late',
    story: 'a resume begins one operation too late',
    caughtBy: ['needless-reset'],
    provokedBy: 'cuts',
  },
  {
    name: 'resume-one-early',
    story: 'a resume begins one operation too early: the client drops what it has seen',
    caughtBy: undefined,
    provokedBy: 'cuts',
  },
  {
    name: 'forget-reset',
    story: 'the client moves on after a loss without a word to the application',
    caughtBy: ['silent-gap'],
    provokedBy: 'kills',
  },
  {
    name: 'wrong-channel',
    story: 'one append in 100 goes to the log of another channel',
    caughtBy: ['wrong-channel'],
    provokedBy: 'nothing',
  },
  {
    name: 'foreign-acks',
    story: 'of two acks that come together one in 20 pairs answers the other publish',
    caughtBy: ['wrong-ack'],
    provokedBy: 'nothing',
  },
  {
    name: 'lose-last-of-quiet',
    story: 'every other message of a quiet channel is lost on its way, and no top is told',
    caughtBy: ['late', 'stuck'],
    provokedBy: 'silence',
  },
  {
    name: 'dedupe-off',
    story: 'the store forgets who published what',
    caughtBy: ['duplicated'],
    provokedBy: 'cuts',
  },
  {
    name: 'replay-after-revocation',
    story: 'rights are asked once and remembered for ever',
    caughtBy: ['unauthorized'],
    provokedBy: 'revocation',
  },
  {
    name: 'ack-without-folder',
    story: 'a store whose folder was removed goes on to acknowledge that all of it is on the disk',
    caughtBy: ['wrong-durability'],
    provokedBy: 'removal',
  },
  {
    name: 'redaction-without-effect',
    story: 'the store appends a redaction and leaves the data in its place',
    caughtBy: ['unredacted'],
    provokedBy: 'nothing',
  },
  {
    name: 'old-name-after-deletion',
    story: 'a channel whose keys were deleted begins anew under the old name',
    caughtBy: ['lost', 'duplicated', 'reordered'],
    provokedBy: 'deletion',
  },
  {
    name: 'silence-after-deletion',
    story: 'the client moves on to what came after a channel was deleted, without a word to the application',
    caughtBy: ['silent-gap'],
    provokedBy: 'deletion',
  },
];
