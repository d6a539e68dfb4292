'use client';

export type { UseDocumentResult } from './shared-document.js';
export { type NoDocument, useDocument } from './use-document.js';
