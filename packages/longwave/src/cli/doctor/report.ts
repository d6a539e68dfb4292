import type { Finding, Transports } from './finding.js';

export interface Report {
  readonly url: string;
  readonly transports: Transports;
  readonly summary: string;
  /** 0: everything works. 1: clients get through, on a detour. 2: nobody gets through. */
  readonly exitCode: 0 | 1 | 2;
  readonly findings: readonly Finding[];
}

const names = { websocket: 'WebSocket', stream: 'streaming', poll: 'long polling' } as const;

export function toReport(url: string, findings: readonly Finding[], transports: Transports): Report {
  const works = Object.keys(names).filter((name): name is keyof Transports => transports[name as keyof Transports]);
  const broken = Object.keys(names).filter((name) => !works.includes(name as keyof Transports));
  const list = (keys: readonly string[]): string => keys.map((key) => names[key as keyof Transports]).join(' and ');
  const [best] = works;
  if (best === undefined) {
    return { url, transports, summary: 'Nothing works: no client gets through.', exitCode: 2, findings };
  }
  if (broken.length > 0) {
    const summary = `It works with a fallback: ${list(works)}, not ${list(broken)}. Clients will use ${names[best]}.`;
    return { url, transports, summary, exitCode: 1, findings };
  }
  const warnings = findings.filter(({ verdict }) => verdict === 'warn').length;
  const seen = warnings === 0 ? '' : ` ${warnings === 1 ? 'One thing' : `${warnings} things`} could be better.`;
  return {
    url,
    transports,
    summary: `All works: WebSocket, streaming and long polling.${seen}`,
    exitCode: 0,
    findings,
  };
}
