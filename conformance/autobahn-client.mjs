// The client of @longwave/websocket against Autobahn's fuzzingserver: runs every case, then has the report written.
//
//   node conformance/autobahn-client.mjs [--url ws://127.0.0.1:9002] [--agent longwave] [--no-deflate]

import { connect } from 'node:net';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ClientHandshake, createConnectionSettings } from '@longwave/websocket';
import { createNodePorts, openConnection } from '@longwave/websocket/node';

const ports = createNodePorts();
const settings = createConnectionSettings({ role: 'client', ports });

/**
 * Opens one connection and resolves when it is over, with the messages it got.
 * @param {string} url
 * @param {{ deflate: boolean, echo: boolean }} options
 * @returns {Promise<(string | Uint8Array)[]>}
 */
export function visit(url, { deflate, echo }) {
  const { hostname, port, host, pathname, search } = new URL(url);
  const wish = deflate && { serverNoContextTakeover: false, clientNoContextTakeover: false };
  const handshake = new ClientHandshake({ host, path: pathname + search, deflate: wish }, ports);
  return new Promise((resolve, reject) => {
    const messages = [];
    let isOpen = false;
    const socket = connect(Number(port), hostname, () => socket.write(handshake.request));
    socket.on('close', () => resolve(messages));
    // Autobahn resets the transport after the closing handshake: by then there is nothing to be lost.
    socket.on('error', (/** @type {Error} */ error) => (isOpen ? resolve(messages) : reject(error)));
    socket.on('data', function onHead(chunk) {
      const result = handshake.receive(chunk);
      if (result.kind === 'incomplete') return;
      socket.off('data', onHead);
      if (result.kind === 'failed') {
        socket.destroy();
        reject(result.error);
        return;
      }
      isOpen = true;
      const handler = {
        onMessage(data) {
          messages.push(data);
          if (!echo) return;
          if (typeof data === 'string') connection.sendText(data);
          else connection.sendBinary(data);
        },
        onClose() {},
      };
      const connection = openConnection(socket, settings, handler, { deflate: result.deflate, head: result.rest });
    });
  });
}

/** @param {{ url: string, agent: string, deflate: boolean }} options */
export async function runAllCases({ url, agent, deflate }) {
  const [count] = await visit(`${url}/getCaseCount`, { deflate: false, echo: false });
  console.log(`${count} cases`);
  for (let number = 1; number <= Number(count); number++) {
    await visit(`${url}/runCase?case=${number}&agent=${agent}`, { deflate, echo: true }).catch(
      (/** @type {unknown} */ error) => {
        console.log(`case ${number}: ${String(error)}`);
      },
    );
  }
  await visit(`${url}/updateReports?agent=${agent}`, { deflate: false, echo: false });
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'ws://127.0.0.1:9002' },
      agent: { type: 'string', default: 'longwave' },
      'no-deflate': { type: 'boolean', default: false },
    },
  });
  await runAllCases({ url: values.url, agent: values.agent, deflate: !values['no-deflate'] });
}
