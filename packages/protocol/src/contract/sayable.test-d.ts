// A contract promises what arrives, or does not compile.
import { z } from 'zod';
import { type CallOutput, call, defineCalls } from './calls.js';
import { type MessageInput, type MessageOutput, defineChannels, log, map, signal, value } from './contract.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function check<_ extends true>(): void {}

interface Tree {
  readonly name: string;
  readonly children: readonly Tree[];
}
const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), children: z.array(Tree) }));

declare const day: Date;

const channels = defineChannels({
  bytes: log({ message: z.instanceof(Uint8Array) }),
  either: log({ message: z.union([z.instanceof(Uint8Array), z.object({ text: z.string() })]) }),
  trees: log({ message: Tree }),
  json: log({ message: z.json() }),
  dates: log({ message: z.object({ at: z.iso.datetime().transform(() => day), n: z.number() }) }),
  branded: log({
    message: z.object({ id: z.string().brand('id'), tuple: z.tuple([z.number(), z.string()]).optional() }),
  }),
  records: log({ message: z.record(z.string(), z.union([z.literal('a'), z.null()])) }),
  anything: log({ message: z.any() }),
  unknown: log({ message: z.unknown() }),
});
check<Equal<MessageOutput<typeof channels, 'bytes'>, Uint8Array>>();
check<Equal<MessageOutput<typeof channels, 'either'>, Uint8Array | { text: string }>>();
check<Equal<MessageOutput<typeof channels, 'trees'>, Tree>>();
check<Equal<MessageOutput<typeof channels, 'dates'>, { at: string; n: number }>>();
check<Equal<MessageInput<typeof channels, 'dates'>, { at: string; n: number }>>();
check<Equal<MessageOutput<typeof channels, 'unknown'>, unknown>>();
check<Equal<MessageOutput<typeof channels, 'records'>, Record<string, 'a' | null>>>();

// @ts-expect-error a Date that is published arrives at the schema as a text
log({ message: z.date() });
// @ts-expect-error within an object, too
log({ message: z.object({ at: z.date() }) });
// @ts-expect-error as above
log({ message: z.set(z.string()) });
// @ts-expect-error as above
log({ message: z.map(z.string(), z.number()) });
// @ts-expect-error as above
log({ message: z.bigint() });
// @ts-expect-error as above
log({ message: z.object({ n: z.array(z.bigint()) }) });
// @ts-expect-error bytes go as a whole message
log({ message: z.object({ body: z.instanceof(Uint8Array) }) });
// @ts-expect-error what is stored is the schema's output
log({ message: z.array(z.string()).transform((list) => new Set(list)) });
// @ts-expect-error as above
signal({ message: z.date() });
// @ts-expect-error as above
map({ value: z.object({ at: z.date() }) });
// @ts-expect-error as above
value({ value: z.set(z.string()) });
// @ts-expect-error as above
log({ presence: z.object({ since: z.date() }) });
// @ts-expect-error as above
log({ presence: { member: z.object({ since: z.date() }) } });

const calls = defineCalls({
  when: call(z.string(), () => ({ at: day, list: [day] })),
  // @ts-expect-error as above
  later: call(z.date(), (at) => at.getTime()),
});
check<Equal<CallOutput<typeof calls, 'when'>, { at: string; list: string[] }>>();
