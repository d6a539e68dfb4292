import { connect } from 'longwave/client/lazy';

/** Functions by which the test drives the page. */
Object.assign(globalThis, { openClient: (options: Parameters<typeof connect>[1]) => connect('/', options) });
