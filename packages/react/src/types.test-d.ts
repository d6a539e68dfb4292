import type { Client, ConnectionState, Message } from '@longwave/client';
import {
  type Schema,
  call,
  clientCall,
  defineCalls,
  defineChannels,
  defineClientCalls,
  log,
  map,
  value,
} from '@longwave/protocol';
import { createHooks, useMap, useMemberCount, useMessages, usePresence, useValue } from './index.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function check<_ extends true>(): void {}

interface Quote {
  readonly price: number;
}
interface Me {
  readonly name: string;
}
declare const Chat: Schema<{ text: string; color?: string }, { text: string }>;
declare const Quotes: Schema<Quote, Quote>;
declare const Score: Schema<number, number>;
declare const Person: Schema<Me, Me>;

const channels = defineChannels({
  'chat/:room': log({ message: Chat, presence: Person }),
  quotes: map({ value: Quotes }),
  score: value({ value: Score }),
});
const calls = defineCalls({ add: call(Score, (n) => n + 1) });
const clientCalls = defineClientCalls({ confirm: clientCall(Person, Score) });
const { LongwaveProvider, useChannel, useClient, useConnection, useHandlers } = createHooks<
  typeof channels,
  typeof calls,
  typeof clientCalls
>();

declare const client: Client<typeof channels, typeof calls, typeof clientCalls>;
LongwaveProvider({ client });
check<Equal<ReturnType<typeof useClient>, typeof client>>();
check<Equal<ReturnType<typeof useConnection>, ConnectionState>>();

export function useEverything(): void {
  useHandlers({ confirm: ({ name }) => name.length });
  // @ts-expect-error it answers with a number
  useHandlers({ confirm: ({ name }) => name });
  // @ts-expect-error there is no such call
  useHandlers({ confim: () => 1 });
  const room = useChannel('chat/lobby');
  const quotes = useChannel('quotes');
  const score = useChannel('score');
  void room.publish({ text: 'hi', color: 'red' });
  // @ts-expect-error the contract knows no such channel
  useChannel('quote');

  const messages = useMessages(room, { from: { last: 10 } });
  check<Equal<typeof messages.messages, readonly Message<{ text: string }>[]>>();
  // @ts-expect-error a map has no messages
  useMessages(quotes);

  const { entries } = useMap(quotes, { keys: ['ACME'], rate: 4 });
  check<Equal<typeof entries, ReadonlyMap<string, Quote>>>();
  useMap(quotes, { where: { price: { gt: 1 } } });
  // @ts-expect-error a quote has no such field
  useMap(quotes, { where: { prise: { gt: 1 } } });
  // @ts-expect-error a log has no entries
  useMap(room);
  // @ts-expect-error a count is no map of entries
  useMap(quotes, { count: true });

  const current = useValue(score);
  check<Equal<typeof current.value, number | undefined>>();
  // @ts-expect-error a map has more than one value
  useValue(quotes);

  const { members } = usePresence(room, { name: 'Ada' });
  check<Equal<(typeof members)[number]['data'], Me>>();
  // @ts-expect-error a member has a name
  usePresence(room, { title: 'Countess' });
  // @ts-expect-error the contract gives it no members
  usePresence(quotes);
  check<Equal<ReturnType<typeof useMemberCount>['count'], number | undefined>>();
  useMemberCount(room);

  // What `state` says of it narrows `error`.
  if (current.state === 'ended') current.error.code satisfies string;
  else check<Equal<typeof current.error, undefined>>();
}

// Without a contract everything is there, and unknown.
const untyped = createHooks();
export function useAnything(): void {
  const anything = untyped.useChannel('whatever');
  const { entries } = useMap(anything);
  check<Equal<typeof entries, ReadonlyMap<string, unknown>>>();
  useMessages(anything);
}
