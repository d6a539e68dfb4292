import type { Dialect, DialectHost, RunningDialect } from '../web-socket/dialect.js';
import { LinkInfo } from '../http/link-info.js';
import { normalizePath, targetOf } from '../http/target.js';
import type { WebSocketHost } from '../web-socket/web-socket-host.js';

export interface StartDialectsOptions extends Omit<DialectHost, 'shared'> {
  readonly host: Pick<WebSocketHost, 'add'>;
  /** In front, that are trusted to tell the address. */
  readonly proxies: number;
}

/** Opens the dialects of a server. Throws `RangeError` where a path is taken. Returns how to close them. */
export function startDialects(dialects: readonly Dialect[], options: StartDialectsOptions): () => void {
  const { host, proxies, ...parts } = options;
  const things = new Map<symbol, object>();
  const shared = <T extends object>(key: symbol, make: () => T): T => {
    const known = things.get(key) as T | undefined;
    const thing = known ?? make();
    things.set(key, thing);
    return thing;
  };
  const running = dialects.map((dialect): RunningDialect => {
    const root = normalizePath(dialect.path, `path of ${dialect.name}`);
    const started = dialect.start({ ...parts, shared });
    const { protocols, maxMessageBytes } = dialect;
    host.add(
      root,
      (socket, request) => {
        const { path, query } = targetOf(request);
        const info = new LinkInfo(dialect.name, request.headers, request.socket, proxies);
        started.open({ socket, path: path.slice(root.length), query: new URLSearchParams(query), info, request });
      },
      { maxMessageBytes, ...(protocols && { protocols }) },
      true,
    );
    return started;
  });
  return () => {
    for (const dialect of running) dialect.close();
  };
}
