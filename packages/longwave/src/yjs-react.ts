'use client';

export { type NoDocument, type UseDocumentResult, useDocument } from '@longwave/yjs/react';
