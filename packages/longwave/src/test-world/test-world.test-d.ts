// The types of a test world come from the contract.
import type { Client } from '../client.js';
import type { Schema } from '../contract.js';
import { call, defineCalls, defineChannels, log, map } from '../index.js';
import { createTestWorld } from '../testing.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function check<_ extends true>(): void {}

interface Message {
  readonly text: string;
}
declare const Message: Schema<Message>;
declare const Price: Schema<number>;

const channels = defineChannels({ 'chat/:room': log({ message: Message }), prices: map({ value: Price }) });
const calls = defineCalls({ double: call(Price, (price) => price * 2) });

const world = createTestWorld({ channels, calls, authorize: ({ user }) => user === 'ada', nodes: 2 });
const ada = world.connect({ token: 'ada' });
check<Equal<typeof ada, Client<typeof channels, typeof calls>>>();
ada.channel('chat/lobby').subscribe((message) => check<Equal<typeof message, Message>>());
void ada.call('double', 2).then((price) => check<Equal<typeof price, number>>());
void world.server.channel('prices').put('eur', 1);
void world.nodes[0]?.server.channel('prices').put('eur', 1);
world.reset('chat/lobby');
// @ts-expect-error no channel has this name
world.reset('chats');
// @ts-expect-error the schema takes no text
void world.server.channel('prices').put('eur', 'one');
// @ts-expect-error there is no such call
void ada.call('treble', 2);
// @ts-expect-error a test world has no sockets
createTestWorld({ channels, tls: {} });

// A page that knows no calls is given a client of such a world as well.
const quiet = createTestWorld({ channels });
const client: Client<typeof channels> = quiet.connect();
void client;
