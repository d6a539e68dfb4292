import type { Target } from './target.js';

/** A target in the form that is routed, and what links of the answer need for the form that was asked in. */
export interface RoutedTarget extends Target {
  /** `channel=…` for links, empty where the path names the channel. */
  readonly named: string;
}

/**
 * `/v1/channel/REST?channel=NAME` as `/v1/channels/NAME/REST`, with `key` of an entry likewise, and `/v1/user/REST?user=NAME`:
 * for proxies that decode `%2F` in paths. `path` is below the base path.
 */
export function routedTarget({ path, query }: Target): RoutedTarget {
  const [, kind, rest] = /^\/v1\/(channel|user)\/(.+)$/.exec(path) ?? [];
  if (kind === undefined || rest === undefined) return { path, query, named: '' };
  const fields = new URLSearchParams(query);
  const name = fields.get(kind);
  if (!name) return { path, query, named: '' };
  fields.delete(kind);
  const key = kind === 'channel' && rest === 'entries' ? fields.get('key') : null;
  if (key !== null) fields.delete('key');
  const tail = key === null ? rest : `entries/${encodeURIComponent(key)}`;
  return {
    path: `/v1/${kind}s/${encodeURIComponent(name)}/${tail}`,
    query: fields.toString(),
    named: `${kind}=${encodeURIComponent(name)}`,
  };
}
