import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lmdb } from '@longwave/lmdb';
import { type Store, memory } from 'longwave';
import { type KillRule, readKillRule } from './demo/kill-rule.js';
import { type FromServer, supervisionOf, untilNeeded } from './demo/messages.js';
import { createGallery } from './gallery.js';
import { keepRooms } from './room-store.js';
import { keepPlaceIn } from './scores/place-keeper.js';

await untilNeeded(process);

const { PORT, HOST, DATA, GALLERY_ALLOW_KILL } = process.env;
const port = PORT === undefined || PORT === '' ? 8080 : Number(PORT);
const host = HOST === undefined || HOST === '' ? '127.0.0.1' : HOST;

if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`PORT must be a number from 0 to 65535, not '${PORT}'.`);
  process.exit(1);
}

const built = (folder: string): string => fileURLToPath(new URL(`../${folder}`, import.meta.url));
const gallery = createGallery({
  pages: built('web'),
  docs: built('docs'),
  store: openStore(DATA),
  leaguePlace: DATA === undefined || DATA === '' ? undefined : keepPlaceIn(join(DATA, 'league.json')),
  killRule: killRule(),
  supervision: supervisionOf(process),
});

try {
  const address = await gallery.listen({ port, host });
  console.log(`Longwave gallery: ${address}`);
  process.send?.({ kind: 'listens', port: Number(new URL(address).port) } satisfies FromServer);
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}

// A second signal finds no handler and ends the process at once.
process.once('SIGTERM', end);
if (process.send) {
  // A terminal tells both; the supervisor passes it on.
  process.on('SIGINT', () => undefined);
  // A server without its supervisor would be nobody's.
  process.once('disconnect', end);
} else {
  process.once('SIGINT', end);
}

function end(): void {
  gallery.close().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

function killRule(): KillRule {
  try {
    return readKillRule(GALLERY_ALLOW_KILL);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

/** Rooms and documents are kept in the folder, if one is named. */
function openStore(folder: string | undefined): Store {
  const live = memory();
  if (folder === undefined || folder === '') return live;
  try {
    return keepRooms({ live, rooms: lmdb({ path: join(folder, 'rooms') }) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(
      `The chat and the documents cannot be kept in '${folder}', and last as long as this process: ${reason}`,
    );
    return live;
  }
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken. Stop what runs there, or choose another: PORT=8081 npm start`;
    case 'EACCES':
      return `Port ${port} needs more rights. Choose one above 1023: PORT=8080 npm start`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST '${host}' is no address of this machine.`;
    default:
      return `The gallery cannot listen on ${host}:${port}: ${String(error)}`;
  }
}
