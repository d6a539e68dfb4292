import { pollTransport, streamTransport } from '@longwave/client';
import { requestFixture } from './testing/request-server.js';
import { transportContract } from './transport-contract.js';

transportContract('streamTransport', () => requestFixture(streamTransport()), { requests: true });
transportContract('pollTransport', () => requestFixture(pollTransport()), { requests: true });
