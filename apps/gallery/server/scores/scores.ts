import { LongwaveError, type Server, call } from 'longwave';
import type { GalleryChannels } from '../../shared/channels.js';
import { isWhistle } from '../../shared/scores/limits.js';
import { DeskEntry, RoleRequest, type ScoresCalls } from '../../shared/scores/match.js';
import { Director, type DirectorOptions } from './director.js';

export interface Scores {
  readonly calls: ScoresCalls;
  /** From now on the league plays when somebody watches it on this server. */
  serve(server: Server<GalleryChannels>): void;
  close(): void;
}

/** Live scores of an invented league, and the desk of those who enter and correct them. */
export function createScores(options: Partial<Omit<DirectorOptions, 'server'>> = {}): Scores {
  const { seed = 20_261_124, minuteMs = 2500, restMs = 45_000, place } = options;
  const operators = new Set<string>();
  let director: Director | undefined;

  return {
    calls: {
      'scores/operate': call(RoleRequest, ({ operate }, { user }) => {
        if (user === undefined) throw new LongwaveError('unauthenticated', 'Choose a name first.');
        if (operate) operators.add(user);
        else operators.delete(user);
        return operate;
      }),
      'scores/record': call(DeskEntry, ({ match, entry, expect, id }, { user }) => {
        if (user === undefined || !operators.has(user)) {
          throw new LongwaveError('forbidden', 'Take the role of an operator first.');
        }
        if (isWhistle(entry.kind)) throw new LongwaveError('invalid-data', 'The director keeps the time.');
        if (!director) throw new LongwaveError('unavailable', 'The league is not open yet.');
        // The id is the operator's own: nobody takes another's entry for theirs.
        return director.newsroom.record(match, entry, { by: user, expect, id: `${user}/${id}` });
      }),
    },
    serve: (server) => {
      director = new Director({ server, seed, minuteMs, restMs, place });
      director.start();
    },
    close: () => director?.stop(),
  };
}
