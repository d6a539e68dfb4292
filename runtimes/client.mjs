// A client on whatever runs it: publishes what it then hears. `node client.mjs URL`.
import process from 'node:process';
import { connect } from 'longwave/client';

for (const transport of ['websocket', 'stream', 'poll']) {
  const client = connect(process.argv[2], { transport });
  const room = client.channel(`chat/client-${transport}`);
  await new Promise((resolve, reject) => {
    room.subscribe(resolve);
    room.publish('hello').catch(reject);
  });
  client.close();
}
process.exit(0);
