// The parts that hosts for other runtimes share with this one.
export type { Capacity } from '../http/capacity.js';
export { LinkInfo, noHeaders } from '../http/link-info.js';
export { targetOf } from '../http/target.js';
export { type Gate, type Visitor, forgetVisitor, refusalReasons } from '../gate/gate.js';
export { makeId } from '../host/make-id.js';
export { type Entrance, Entrances } from './entrances.js';
export { createServerParts } from './server-parts.js';
export { closeRules, endpointRules, listenRules, serverRules } from './server-rules.js';
export { startDialects } from './start-dialects.js';
export { type Endpoint, Endpoints } from '../web-socket/endpoints.js';
export { codecProtocols, firstProtocols, readFirst } from '../web-socket/first-message.js';
