// The scenario file the generator reads; generator/scenario.h describes the format.

/**
 * Text, or bytes for a binary message. Both may hold {{room}}, {{connection}}, {{run}}, {{count}} and {{payload}}.
 * @typedef {string | Uint8Array} Message
 *
 * How a kind of connection speaks: what to request, what to send and await before it is ready, what to answer afterwards.
 * @typedef {object} Speaker
 * @property {string} path
 * @property {string} [header]
 * @property {string} [subprotocol]
 * @property {Message} [first]  stands for {{first}} in the subprotocol, in base64url
 * @property {({ send: Message } | { expect: Message })[]} [script]
 * @property {{ when: Message, reply: Message }[]} [replies]
 * @property {Message} [publish]
 *
 * @typedef {object} Scenario
 * @property {'fan-out' | 'echo' | 'connect' | 'resume'} mode
 * @property {Record<string, number>} numbers  by the keys of generator/scenario.c
 * @property {number[]} [stages]
 * @property {Message} [reset]
 * @property {Speaker & { count: number }} subscriber
 * @property {Speaker & { count: number }} [publisher]
 */

/** @param {Message} message */
function format(message) {
  if (typeof message !== 'string') return `binary ${Buffer.from(message).toString('hex')}`;
  if (/[\n\0]/.test(message)) throw new Error(`A text message in a scenario file must be one line: ${message}`);
  return `text ${message}`;
}

/** @param {Speaker & { count: number }} speaker */
function* speakerLines({ count, path, header, subprotocol, first, script = [], replies = [], publish }) {
  yield `count ${count}`;
  yield `path ${path}`;
  if (header) yield `header ${header}`;
  if (subprotocol) yield `subprotocol ${subprotocol}`;
  if (first) yield `first ${format(first)}`;
  for (const step of script) yield 'send' in step ? `send ${format(step.send)}` : `expect ${format(step.expect)}`;
  for (const { when, reply } of replies) {
    yield `when ${format(when)}`;
    yield `reply ${format(reply)}`;
  }
  if (publish) yield `publish ${format(publish)}`;
}

/**
 * @param {Scenario} scenario
 * @param {{ port: number, pid: number }} server
 */
export function formatScenario({ mode, numbers, stages = [], reset, subscriber, publisher }, { port, pid }) {
  const lines = [`mode ${mode}`, `port ${port}`, `server-pid ${pid}`];
  for (const [key, value] of Object.entries(numbers)) lines.push(`${key} ${value}`);
  for (const stage of stages) lines.push(`stage ${stage}`);
  if (reset) lines.push(`reset ${format(reset)}`);
  lines.push('[subscriber]', ...speakerLines(subscriber));
  if (publisher) lines.push('[publisher]', ...speakerLines(publisher));
  return `${lines.join('\n')}\n`;
}
