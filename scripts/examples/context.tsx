// The application that the examples of docstrings speak of. scripts/check-examples.mjs imports from here what an example does not define.
import type { RequestListener } from 'node:http';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { call, createServer, defineCalls, defineChannels, doc, log, map, signal, value } from 'longwave';
import { type Position, connect } from 'longwave/client';
import { clientCall, defineClientCalls } from 'longwave/contract';
import { createHooks } from 'longwave/react';
import type { UseDocumentResult } from 'longwave/yjs/react';
import { documents } from 'longwave/yjs/server';
import * as Y from 'yjs';

export { createServer as createHttpServer } from 'node:http';
export { z } from 'zod';

export { Y };
export const pairOfNumbers = z.object({ a: z.number(), b: z.number() });
export const chatMessage = z.object({ text: z.string() });
export const card = z.object({ title: z.string() });
export const bannerText = z.object({ text: z.string() });
export const question = z.object({ question: z.string() });

export const channels = defineChannels({
  'chat/:room': log({ message: chatMessage, presence: z.object({ name: z.string() }) }),
  'board/:id': map({ value: card }),
  'ticker/:pair': log({ demand: true }),
  'typing/:room': signal({ message: z.boolean() }),
  vehicles: map({ value: z.object({ kind: z.string() }) }),
  banner: value({ value: bannerText }),
  'doc/:id': doc(),
});
export const calls = defineCalls({
  add: call(pairOfNumbers, ({ a, b }) => a + b),
  rename: call(z.object({ name: z.string() }), ({ name }) => name),
});
export const clientCalls = defineClientCalls({ confirm: clientCall(question, z.boolean()) });

export const url = 'https://example.com';
export const client = connect<typeof channels, typeof calls, typeof clientCalls>(url);
export const room = client.channel('chat/lobby');
export const channel = room;
export const server = createServer({ channels, calls, clientCalls });
export const docs = documents(server);

const hooks = createHooks<typeof channels, typeof calls, typeof clientCalls>();
export const useChannel = hooks.useChannel;
export const useCall = hooks.useCall;
export const useHandlers = hooks.useHandlers;

export declare const user: string;
export declare const token: string;
export declare const id: string;
export declare const name: string;
export declare const saved: Position | undefined;
export declare const lastSeen: Position | undefined;
export declare const label: HTMLElement;
export declare const app: RequestListener;
export declare const sessions: Map<string, { readonly user: string }>;
export declare const logger: { warn(...parts: readonly unknown[]): void };
export declare function fetchToken(): Promise<string>;
export declare function verify(given: string | undefined): Promise<string>;
export declare function render(...parts: readonly unknown[]): void;
export declare function start(): void;
export declare function stop(): void;
export declare function ask(text: string): Promise<boolean>;
export declare function index(...parts: readonly unknown[]): Promise<void>;
export declare function save(position: Position): Promise<void>;
export declare function roleOf(who: string | undefined, document: string): 'owner' | 'reader';
export declare function notify(text: string): void;
export declare function App(): ReactNode;
export declare function Editor(props: Pick<UseDocumentResult, 'doc' | 'awareness'> & { readOnly: boolean }): ReactNode;
export declare const ydoc: Y.Doc;
