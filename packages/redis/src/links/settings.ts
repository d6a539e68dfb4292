import { type ResolvedOptions, reasonOf } from '../options.js';
import type { Link } from './link.js';
import { UnavailableError } from './request.js';

/** Asks for settings whose names fit a pattern, as `CONFIG GET` has it. */
export type AskSettings = (pattern: string) => Promise<ReadonlyMap<string, string>>;

export function unfit(message: string): UnavailableError {
  return new UnavailableError(message, { misconfigured: true });
}

/** `info`: what the server says of its memory. Throws where it may drop what was acknowledged. */
export function requireNoEviction(info: string): void {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? '';
  if (!policy.startsWith('allkeys')) return;
  throw unfit(`Redis has maxmemory-policy ${policy}, which drops what was acknowledged: set it to noeviction.`);
}

/** For `disk`: the server writes its log before it answers. */
export async function requireDurability(ask: AskSettings, { durability }: ResolvedOptions): Promise<void> {
  if (durability !== 'disk') return;
  const settings = await ask('append*').catch((error: unknown) => {
    throw unfit(`durability 'disk' needs CONFIG GET append*, which Redis refuses: ${reasonOf(error)}`);
  });
  const [log, fsync] = [settings.get('appendonly') ?? 'no', settings.get('appendfsync') ?? 'no'];
  if (log === 'yes' && fsync === 'always') return;
  throw unfit(
    `durability 'disk' needs a Redis with appendonly yes and appendfsync always; it has appendonly ` +
      `${log} and appendfsync ${fsync}. Set them, or ask for 'memory'.`,
  );
}

/** They may be changed while the server runs: then the link is left, and none stands until they fit again. */
export async function verifySettings(link: Link, options: ResolvedOptions): Promise<void> {
  try {
    const { reply } = await link.request('INFO', () => ['memory']);
    requireNoEviction(String(reply));
    await requireDurability(async (pattern) => {
      const { reply: pairs } = await link.request('CONFIG', () => ['GET', pattern]);
      return settingsOf(pairs as readonly unknown[]);
    }, options);
  } catch (error) {
    // The link deals with any other failure.
    if (error instanceof UnavailableError && error.misconfigured) link.restart(error);
  }
}

/** Names and values by turns. */
export function settingsOf(pairs: readonly unknown[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (let i = 0; i < pairs.length; i += 2) settings.set(String(pairs[i]), String(pairs[i + 1]));
  return settings;
}
