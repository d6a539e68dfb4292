export { type Server, createServer } from '@longwave/bun';
