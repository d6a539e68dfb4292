// The example of an application in DESIGN.md. It is compiled, and every type in it is checked.
import type { Entry, MapChange, Member, Position } from './client.js';
import { connect } from './client.js';
import { type Schema, clientCall, defineChannels, defineClientCalls, log, map, value } from './contract.js';
import {
  type CallContext,
  type Code,
  LongwaveError,
  type View,
  call,
  createServer,
  defineCalls,
  memory,
} from './index.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function check<_ extends true>(): void {}

interface ChatMessage {
  readonly text: string;
}
declare const ChatMessage: Schema<{ text: string; color?: string }, ChatMessage>;
interface Quote {
  readonly bid: number;
  readonly venue: { readonly name: string; readonly open?: boolean };
}
declare const Quote: Schema<Quote>;
declare const Person: Schema<{ name: string }>;
declare const Score: Schema<{ home: number; away: number }>;
declare const Numbers: Schema<{ a: number; b: number }>;

// channels.ts
const channels = defineChannels({
  'chat/:room': log({ message: ChatMessage, retain: { maxCount: 10_000, age: '30d' }, presence: Person }),
  quotes: map({ value: Quote, demand: true }),
  score: value({ value: Score }),
  ticks: log(),
  '@me': log({ message: ChatMessage }),
});
const calls = defineCalls({ add: call(Numbers, async ({ a, b }, { user }) => ({ sum: a + b, user })) });
const clientCalls = defineClientCalls({ confirm: clientCall(ChatMessage, Score) });

// server.ts
const server = createServer({
  channels,
  calls,
  clientCalls,
  store: memory(),
  authenticate: (token) => {
    if (token === undefined) throw new LongwaveError('unauthenticated');
    return { user: token, claims: { admin: true } };
  },
  authorize: ({ user, action, channel, params }) =>
    action === 'subscribe' || params['room'] === user || channel === 'ticks',
});
void server.listen({ port: 8080 });
void server.channel('chat/lobby').publish({ text: 'hello' });
void server.user('ada').publish({ text: 'psst' });
// @ts-expect-error the schema takes no number
void server.channel('chat/lobby').publish({ text: 5 });
// @ts-expect-error no channel has this name
server.channel('chats');

void (async () => {
  const { replies } = await server.user('ada').call('confirm', { text: 'hi', color: 'red' }, { timeout: '5s' });
  check<Equal<(typeof replies)[number]['output'], { home: number; away: number } | undefined>>();
  const reply = await server.connection('id').call('confirm', { text: 'hi' });
  check<Equal<typeof reply, { home: number; away: number }>>();
})();
// @ts-expect-error the input has a text
void server.connection('id').call('confirm', {});
// @ts-expect-error there is no such call
void server.user('ada').call('confim', { text: 'hi' });

// client.ts
const client = connect<typeof channels, typeof calls, typeof clientCalls>('https://example.com');
const room = client.channel('chat/lobby');
const subscription = room.subscribe({ from: { last: 50 } }, (message, meta) => {
  check<Equal<typeof message, ChatMessage>>();
  check<Equal<typeof meta.offset, number>>();
});
check<Equal<typeof subscription.position, Position | undefined>>();
void (async () => {
  for await (const { data } of room) check<Equal<typeof data, ChatMessage>>();
  const published = await room.publish({ text: 'hi', color: 'red' });
  check<Equal<typeof published.position, Position>>();
  const { sum } = await client.call('add', { a: 1, b: 2 });
  check<Equal<typeof sum, number>>();
})();
// @ts-expect-error the message has a text
void room.publish({});
client.handle({ confirm: ({ text }) => ({ home: text.length, away: 1 }) });
// @ts-expect-error the answer has two scores
client.handle({ confirm: () => ({ home: 1 }) });
// @ts-expect-error there is no such call
client.handle({ confim: () => ({ home: 1, away: 1 }) });
// @ts-expect-error no such method
void client.call('subtract', { a: 1, b: 2 });

const quotes = client.channel('quotes');
const watch = quotes.watch({ keys: ['ACME'], rate: 4 }, (entries, change) => {
  check<Equal<typeof entries, ReadonlyMap<string, Quote>>>();
  check<Equal<typeof change, MapChange<Quote>>>();
  for (const { last } of change.removed) check<Equal<typeof last, Entry<Quote>>>();
});
watch.track('EMCA');
check<Equal<ReturnType<typeof watch.getSnapshot>, ReadonlyMap<string, Quote>>>();
check<Equal<ReturnType<typeof watch.entry>, Entry<Quote> | undefined>>();
void quotes.put('ACME', { bid: 1, venue: { name: 'X' } }, { expect: 0, ttl: '1s' });
void quotes.patch('ACME', { venue: { open: null } });
quotes.demand(({ watchers, keys, rate }) => {
  check<Equal<typeof watchers, number>>();
  check<Equal<typeof keys, readonly string[] | undefined>>();
  check<Equal<typeof rate, number | undefined>>();
});
quotes.watch({ where: { bid: { gt: 1 }, 'venue.name': 'X' }, area: { at: ['bid', 'bid'], box: [0, 0, 1, 1] } });
// @ts-expect-error a quote has no such field
quotes.watch({ where: { bidd: 1 } });
// @ts-expect-error a venue has none either
watch.setView({ where: { 'venue.nam': 'X' } });
// @ts-expect-error nor does an area find it
quotes.watch({ area: { at: ['bd', 'bid'], box: [0, 0, 1, 1] } });
server.channel('quotes').watch({ where: { 'venue.open': true } });
// @ts-expect-error the server is held to the same
server.channel('quotes').watch({ where: { 'venue.opn': true } });
// @ts-expect-error a quote has a venue
void quotes.put('ACME', { bid: 1 });
// @ts-expect-error a map has no log
quotes.subscribe(() => {});
// @ts-expect-error it has no members
void quotes.presence;

const score = client.channel('score').watchValue((now) => {
  check<Equal<typeof now, { home: number; away: number } | undefined>>();
});
check<Equal<ReturnType<typeof score.getSnapshot>, { home: number; away: number } | undefined>>();
void client.channel('score').patch({ home: 1 });

room.presence.watch({ where: { away: false, 'data.name': 'Ada' } });
// @ts-expect-error a member has data and is away or not
room.presence.watch({ where: { name: 'Ada' } });
room.presence.watch((members) => check<Equal<typeof members, ReadonlyMap<string, Member<{ name: string }>>>>());
void room.presence.enter({ name: 'Ada' }, { away: true });
// @ts-expect-error a member has a name
void room.presence.enter({});

// Claims have the type of what `authenticate` returns, in hooks, `authorize` and calls.
interface Claims {
  readonly admin: boolean;
}
createServer({
  channels,
  calls: defineCalls({
    ban: call(Person, ({ name }, { claims, connection, info }: CallContext<Claims>) => {
      check<Equal<typeof claims, Claims | undefined>>();
      check<Equal<typeof connection.id, string>>();
      return claims?.admin === true && info.transport !== '' ? name : undefined;
    }),
  }),
  authenticate: (token): { user?: string; claims?: Claims } => (token ? { user: token, claims: { admin: true } } : {}),
  authorize: ({ claims, view, params, connection }) => {
    check<Equal<typeof claims, Claims | undefined>>();
    check<Equal<typeof view, View | undefined>>();
    return claims?.admin === true || (params['room'] === 'lobby' && connection.id !== '');
  },
  on: [
    { connect: ({ claims }) => check<Equal<typeof claims, Claims | undefined>>() },
    {
      subscribe: ({ claims, params, view }) => {
        check<Equal<typeof claims, Claims | undefined>>();
        check<Equal<typeof params, Readonly<Record<string, string>>>>();
        check<Equal<typeof view, View | undefined>>();
      },
      call: ({ method, input }) => {
        check<Equal<typeof method, string>>();
        check<Equal<typeof input, unknown>>();
      },
      enter: ({ away }) => check<Equal<typeof away, boolean>>(),
      disconnect: ({ reason, durationMs }) => {
        check<Equal<typeof reason, Code>>();
        check<Equal<typeof durationMs, number>>();
      },
    },
  ],
});
createServer({
  channels,
  authenticate: () => ({ claims: { admin: true } }),
  // @ts-expect-error the claims have no role
  authorize: ({ claims }) => claims?.role === 'admin',
});
