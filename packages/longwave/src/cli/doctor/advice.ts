import type { Vendor } from './who.js';

type Advice = Partial<Record<Vendor, string>> & { readonly any: string };

/** Changes to advise, by the product in between; docs/proxies.md holds the whole configurations. */
const advices = {
  upgrade: {
    nginx:
      'nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; ' +
      'with a map from $http_upgrade to $connection_upgrade (docs/proxies.md).',
    haproxy: 'HAProxy passes upgrades on as it comes: look for an http-request rule that denies or strips them.',
    apache: 'Apache: load mod_proxy_wstunnel, or from 2.4.47 on give ProxyPass upgrade=websocket.',
    cloudflare: 'Cloudflare: switch on WebSockets under Network.',
    aws: 'AWS: an Application Load Balancer passes WebSockets on; CloudFront needs Upgrade and Sec-WebSocket-* forwarded to the origin.',
    envoy: 'Envoy: upgrade_configs: [{ upgrade_type: websocket }] in the HTTP connection manager.',
    squid: 'squid, from version 5 on: http_upgrade_request_protocols websocket allow all',
    any: 'Have the proxy pass the Upgrade, Connection and Sec-WebSocket-* headers on, over HTTP/1.1.',
  },
  buffering: {
    nginx:
      'nginx: proxy_buffering off; and no proxy_ignore_headers X-Accel-Buffering, by which the server asks for the same.',
    haproxy: 'HAProxy: no http-response wait-for-body, no compression and no cache for these paths.',
    apache: 'Apache: SetEnv proxy-sendchunked 1, ProxyPass flushpackets=on, and no mod_deflate for text/event-stream.',
    cloudflare: 'Cloudflare: no rule that rewrites, scans or caches these responses.',
    any: 'Switch response buffering off for these paths; a virus scanner that reads whole responses does the same.',
  },
  delay: {
    haproxy: 'HAProxy: option http-no-delay in defaults or in the frontend.',
    nginx: 'nginx: tcp_nodelay on; (the default) and proxy_buffering off;',
    any: 'Have the proxy send what it has at once: option http-no-delay in HAProxy, which does not say its name, elsewhere TCP_NODELAY.',
  },
  compression: {
    nginx: 'nginx: leave text/event-stream out of gzip_types (and of brotli_types), or gzip off for these paths.',
    haproxy: 'HAProxy: leave text/event-stream out of compression type.',
    any: 'Leave text/event-stream out of what the proxy compresses: a compressor holds bytes back until it has enough.',
  },
  caching: {
    any: "Do not cache these paths: the server sends 'Cache-Control: no-store, no-transform' and means it.",
  },
  patience: {
    nginx: 'nginx: proxy_read_timeout 75s; and proxy_send_timeout 75s; for these paths (the default is 60 s).',
    haproxy: 'HAProxy: timeout server 75s, timeout client 75s and, for WebSockets, timeout tunnel 1h.',
    aws: 'AWS: raise the idle timeout of the load balancer (60 s by default).',
    google:
      "Google Cloud: raise the backend service's timeout (30 s by default); for WebSockets it limits the whole life.",
    envoy: 'Envoy: timeout: 0s on the route, and stream_idle_timeout above the heartbeat.',
    any: 'Give idle connections more than twice the heartbeat of 10 s, better 75 s; or lower heartbeat of the server.',
  },
  origin: {
    nginx: 'nginx: proxy_set_header Host $http_host; so that the server sees its own name.',
    haproxy: 'HAProxy: do not rewrite the Host header.',
    any: 'Have the proxy pass the Host header on, or name the origins of your pages in allowedOrigins of createServer.',
  },
  body: {
    nginx: 'nginx: client_max_body_size 1m; for these paths.',
    any: 'Let bodies of up to 256 KiB pass unchanged; a web application firewall may have to be told about these paths.',
  },
  limits: {
    nginx: 'nginx: no limit_req and limit_conn for these paths, or higher ones.',
    any: 'Let one client have at least six requests at a time to these paths.',
  },
} as const satisfies Record<string, Advice>;

export type Topic = keyof typeof advices;

/** For the vendor if it is known and there is something to say, and for anybody. */
export function adviceOn(topic: Topic, vendor: Vendor | undefined): readonly string[] {
  const advice: Advice = advices[topic];
  const own = vendor === undefined ? undefined : advice[vendor];
  if (own !== undefined) return [own];
  // Unknown, or one that is known for hiding its name: the two that are met most often.
  return [advice.any, ...(vendor === undefined && advice.nginx !== undefined ? [advice.nginx] : [])];
}
