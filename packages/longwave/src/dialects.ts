export {
  type CountedDialect,
  type DialectCounts,
  type DialectOptions,
  type HocuspocusDialect,
  type HocuspocusOptions,
  type StatelessMessage,
  type YWebsocketOptions,
  hocuspocus,
  yWebsocket,
} from '@longwave/dialects';
