// The values that every client needs. They stand apart from the index for bundlers that take a file into a page with all that it names:
// what a client loads later would come with it.
export { toMessage } from './api/message.js';
export { toRedaction } from './api/redaction.js';
export { Greeting } from './codec/codec.js';
export { createJsonClientCodec } from './codec/create-codec.js';
export { protocolVersion } from './codec/frames.js';
export { Prepared } from './codec/operation.js';
export { codeOfClose, isCode } from './codes.js';
export { demandPrefix, presencePrefix } from './contract/contract.js';
export { isChannelName } from './contract/pattern.js';
export { breakOf } from './epoch.js';
export { LongwaveError } from './error.js';
export {
  clientLength,
  framesPerMessage,
  keyLength,
  maxInflight,
  maxParams,
  messageBytes,
  messageIdLength,
  methodLength,
  pageOperations,
  paramsBytes,
  reasonLength,
  refusalLength,
  tokenLength,
  viewLength,
} from './limits.js';
export { base64UrlEncode } from './values/base64.js';
export { readDuration } from './values/duration.js';
export { requireJson } from './values/json.js';
