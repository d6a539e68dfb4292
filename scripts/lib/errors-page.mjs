// Cause and cure of each code: `npm run pages` makes docs/errors.md of it and of codes.ts, and check-docs holds the page to it.
import { codeMessages, codes } from '../../packages/protocol/dist/index.js';

/** The cause of each code, and the cure. A code without an entry, or an entry without a code, is an error. */
const explained = {
  'bad-frame': [
    'A peer sent what is no frame, an unknown one, or a field of the wrong kind; over HTTP a parameter that cannot be.',
    'A client of Longwave never does: look for a proxy that changes bodies, or for a client of another version. Ten of them end a connection.',
  ],
  unauthenticated: [
    '`authenticate` refused the token, threw an error of its own or answered with no identity, or the identity has expired.',
    'Give `token` as a function that gets a new one. With a text as `token` the client closes for good. Where the function gives the refused token again, or there is no `token` and the cookie was refused, the state is `closed` with this error until `reconnect()`, which [goes on](authentication.md#renewal-and-the-end) with what was subscribed and published.',
  ],
  forbidden: [
    '`authorize` did not grant the right, a hook refused, or the name is one that only the server writes to: `@me`, `@presence/…`. A client that closes with it has come back as another user.',
    'Ask for the right where the user can get it. Nothing changes by repeating it. For another user make [another client](authentication.md#another-user-is-another-client).',
  ],
  'unknown-channel': [
    'No pattern of the contract matches the name, or it is no channel name (CH-1): [which characters it may have](channels.md).',
    'Compare the name with the contract. The types of `client.channel(name)` find it while you write. Look at a name that somebody typed with `isChannelName`.',
  ],
  'unknown-method': [
    '`calls` has no such method; for a call of the server, `clientCalls` or the handlers of the client have none.',
    'Compare the name. A client calls `handle` before the server calls it.',
  ],
  'unsupported-version': [
    'Client and server speak different versions of the protocol.',
    'Update the older of the two.',
  ],
  timeout: [
    'An answer did not come within `timeout`; a connection said nothing for two heartbeats; an upgrade, a body or a `connect` was not complete in time.',
    'Try again. A publish with an `id` is stored once; of a call nobody knows whether it was done.',
  ],
  superseded: [
    'Another connection with the same user and client id took over: usually the same page after a change of network.',
    'Nothing: the newer one goes on. Two programs that share an id given by `createId` end each other.',
  ],
  'too-old': [
    'A publish was sent again, and the server may have forgotten whether it stored it (PUB-4).',
    'Read the end of the channel, and publish anew if the message is not there.',
  ],
  'out-of-order': [
    'A publish came before one that must be stored first (PUB-7), over another request.',
    'The client repeats it by itself. A client of your own sends both again, in their order.',
  ],
  'epoch-changed': [
    'The log is another one than `epoch` says: the store was emptied, lost more than the end of the log, or forgot the channel.',
    'Begin anew: ask without `epoch`. A subscription does so by itself and tells `onReset`.',
  ],
  'too-large': [
    'A message, a document, a value, a reply or a body has more bytes than its bound, or the store in memory is full of states.',
    'Send less, or raise `messageBytes`, `answerBytes`, `maxBytes` of the channel or the bound of `memory()`.',
  ],
  'invalid-data': [
    'A schema refused the data, the message names the field; or they are nothing that JSON can say, or a view is none.',
    'Change the data. The message says what is wrong with them.',
  ],
  'rate-limited': [
    'More was sent than a limit of a rate allows, or more is in flight than may be. The error says when to try again.',
    'Wait `retryAfterMs`. For honest clients, raise the limit in `limits`.',
  ],
  'too-many': [
    'One more than a count allows: subscriptions, members, entries of a map, channels of a store, frames of a message.',
    'Unsubscribe or delete something, or raise the bound.',
  ],
  disconnected: [
    'The server ended the connection: `server.user(id).disconnect()`, or the route of the HTTP API.',
    'The client closes and stays away. To keep a user out who makes another one, have `authenticate` refuse.',
  ],
  internal: [
    'The application on the other side failed: `authenticate`, a hook, a call or a handler threw an error that is no `LongwaveError`.',
    'Read the log of the server, or for a call of the server `reportError` of the client: only they have the error.',
  ],
  unavailable: [
    'The store or another node cannot be reached, the server is full, or the connection that was called is gone. A client whose attempts are `answered 403` was refused before it could say anything: its page, or the name of the host, is not allowed.',
    'Try again. Publishes and subscriptions do so by themselves. For a 403 read the log of the server, which names the origin and the option: [origins](proxies.md#origins-and-host-names).',
  ],
  'going-away': ['The node drains or is closed.', 'Nothing: clients connect to another node.'],
  'outbox-full': [
    'The client holds as many publishes without an acknowledgement as `outbox` allows, or 1,000 calls that wait.',
    'Wait for earlier ones, or publish less often while `client.state` is not `connected`.',
  ],
  closed: ['The client or the server was closed, or a subscription ended.', 'Nothing, or open another one.'],
  'connection-lost': [
    'The connection ended before the reply to a call came (CALL-2).',
    'Ask whether it was done, or call again where a repetition does no harm.',
  ],
  trimmed: [
    'A page of history or operations after a position are no longer retained.',
    'Read from `floor` on, or keep more: `retain` of the channel.',
  ],
  conflict: [
    'The entry has another version than `expect`, or the log another end.',
    'Read the entry, decide again, and change it with its version.',
  ],
  'wrong-mode': [
    'The method does not fit what the channel keeps: `publish` to a map, `put` to a log, a view of a log, history of a state or a document.',
    'Use the methods of its mode. The types find it while you write.',
  ],
};

const advised = {
  retry: 'retry',
  reauthenticate: 'a new token',
  fix: 'change it',
  'give-up': 'stop',
};

/** The whole of docs/errors.md. Throws where a code is not explained, or what is explained is no code. */
export function errorsPage() {
  const known = Object.keys(codes);
  for (const code of known) if (!explained[code]) throw new Error(`docs/errors.md: '${code}' has no cause and cure.`);
  for (const code of Object.keys(explained)) if (!codes[code]) throw new Error(`docs/errors.md: '${code}' is no code.`);
  const sections = known.map((code) => {
    const { close, advice } = codes[code];
    const [cause, cure] = explained[code];
    return `## ${code}\n\n${codeMessages[code]} Advice: ${advised[advice]}. Close code ${close}.\n\n**Cause.** ${cause}\n\n**Cure.** ${cure}\n`;
  });
  return `# Errors

Every failure is a \`LongwaveError\` with a \`code\`, a message for people, and \`advice\`: \`retry\`, \`reauthenticate\`, \`fix\` or
\`give-up\`. \`retryAfterMs\` says when to try again, where a time is known. A WebSocket that ends by a code is closed with its close code.

The code of an error is the name of its section here: in the documentation that you serve yourself, \`/errors#\` and the code. Logs, the command
line, the answers of the HTTP API and the warnings that a client writes on the console name that section. The documentation is
published nowhere yet, so a name is no address on the web by itself:

| in | the name is | for example |
|---|---|---|
| logs, the command line and the console of a page | a path in the repository | \`docs/errors.md#forbidden\` |
| the \`type\` of an answer of the HTTP API | a path on the server that answered, as \`npm start\` has its documentation | \`/docs/errors#forbidden\` |
| all but a page, with \`LONGWAVE_DOCS=https://docs.example.com\` | an address below the one that you gave | \`https://docs.example.com/errors#forbidden\` |

Give \`LONGWAVE_DOCS\` to the server, and to the command line, where you serve what \`npm run docs -- build\` made. A server of your own has
no \`/docs\` unless you serve it there: then \`type\` names the kind of problem all the same, but leads to no page.
\`errorPage(code, docs)\` of \`@longwave/protocol\` makes all of these. An error that your page catches has its \`code\` alone, so that the client stays
small: a link to the cure is \`https://docs.example.com/errors#\` and \`error.code\`.
This page is made by \`npm run pages\` of \`packages/protocol/src/codes.ts\`.

${sections.join('\n')}`;
}
