#!/usr/bin/env bash
# mqtt 5.16.0 (MQTT.js): over WebSocket, one CONNECT packet is thirteen messages of one to four bytes.
#
# MQTT allows that, as a packet need not be aligned with a message. A server that takes a message for a packet reads nonsense, and one
# that counts messages for its rate limit counts thirteen for a client that has not yet said who it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund mqtt@5.16.0 ws@8.23.0
cat >run.mjs <<'JS'
import { once } from 'node:events';
import mqtt from 'mqtt';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' });
await once(server, 'listening');
const { port } = server.address();
const client = mqtt.connect(`ws://127.0.0.1:${port}`, { clientId: 'c', username: 'u', password: 'p', reconnectPeriod: 0 });
const [socket] = await once(server, 'connection');
const sizes = [];
let packet = Buffer.alloc(0);
await new Promise((done) =>
  socket.on('message', (message) => {
    sizes.push(message.length);
    packet = Buffer.concat([packet, message]);
    // The first byte is the type, the second the length of what follows.
    if (packet.length === packet[1] + 2) done();
  }),
);
console.log(`packet type ${packet[0] >> 4}, ${packet.length} bytes, in messages of ${sizes.join(' ')}`);
client.end(true);
server.close();
socket.terminate();
JS
cat >expected <<'TEXT'
packet type 1, 21 bytes, in messages of 1 1 2 4 1 1 2 2 1 2 1 2 1
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
