import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const Place = z.object({
  round: z.number().int().positive().max(1_000_000),
  /** Minutes of each match, in their order on the board. */
  playheads: z.array(z.number().min(-100).max(1000)).min(1).max(100),
});

/** The place at which a league stands: its rounds follow from a seed, so this is all that another process needs to go on with it. */
type Place = z.infer<typeof Place>;

export interface PlaceKeeper {
  /** Undefined: there is none, or none that can be read. */
  read(): Place | undefined;
  write(place: Place): void;
}

/** Keeps the place in a file. One that cannot be written is as good as none: the league is made up. */
export function keepPlaceIn(file: string): PlaceKeeper {
  return {
    read: () => {
      try {
        return Place.parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch {
        return undefined;
      }
    },
    write: (place) => {
      try {
        mkdirSync(dirname(file), { recursive: true });
        // Whole at each moment, also that of a death.
        writeFileSync(`${file}.new`, JSON.stringify(place));
        renameSync(`${file}.new`, file);
      } catch {
        // The next one is written in a second.
      }
    },
  };
}
