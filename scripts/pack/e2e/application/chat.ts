import { createServer } from 'longwave';
import { type Client, connect } from 'longwave/client';
import { defineChannels, log } from 'longwave/contract';
import { z } from 'zod';

const channels = defineChannels({ 'chat/:room': log({ message: z.object({ text: z.string() }) }) });
const server = createServer({ channels });
const client: Client<typeof channels> = connect<typeof channels>('http://127.0.0.1:8080');

client.channel('chat/lobby').subscribe(({ text }) => text.toUpperCase());
// @ts-expect-error: the contract knows of no number.
void server.channel('chat/lobby').publish({ text: 1 });
// @ts-expect-error: nor of such a channel.
client.channel('chats/lobby');
