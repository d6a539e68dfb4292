import { type ReactElement, useEffect, useState } from 'react';
import { ageWords } from '../lib/age-words.js';
import { useNow } from '../lib/use-now.js';
import { useConnection } from '../session/session-context.js';

/** While the connection is away: how old is what is shown. Clocks of matches do not go on meanwhile, see `useLiveNow`. */
export function AgeNote(): ReactElement | undefined {
  const lostAt = useLostAt();
  const now = useNow();
  if (lostAt === undefined) return undefined;
  return (
    <div className="notice notice-offline" data-testid="age" role="status">
      <p>No connection: what you see is as it was {ageWords(now - lostAt)} ago. It goes on by itself.</p>
    </div>
  );
}

/** Now, or when the connection was lost: a minute that nobody vouches for is not counted on. */
export function useLiveNow(): number {
  const lostAt = useLostAt();
  const now = useNow();
  return lostAt ?? now;
}

/** When the connection was lost, in milliseconds since the Unix epoch, while it is away. */
export function useLostAt(): number | undefined {
  const isAway = useConnection().status !== 'connected';
  const [lostAt, setLostAt] = useState<number>();
  const [wasThere, setWasThere] = useState(false);
  useEffect(() => {
    if (!isAway) setWasThere(true);
    setLostAt(isAway ? Date.now() : undefined);
  }, [isAway]);
  return wasThere ? lostAt : undefined;
}
