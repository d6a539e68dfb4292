import type { CallDefinition } from 'longwave';
import { z } from 'zod';
import { isDocumentName } from './documents.js';

const DocumentName = z.string().refine(isDocumentName, 'is no name of a document');

const maxVersionName = 80;

export const VersionsRequest = z.object({ id: DocumentName });
export const SaveRequest = z.object({ id: DocumentName, name: z.string().trim().min(1).max(maxVersionName) });
export const VersionRequest = z.object({ id: DocumentName, version: z.string().regex(/^\d{1,15}$/) });

/** A state of a document that the server keeps. */
export interface VersionInfo {
  readonly id: string;
  /** The name that somebody gave it. Without one, the server made the version by itself. */
  readonly name?: string;
  readonly user?: string;
  /** When it was stored, in milliseconds since the Unix epoch. */
  readonly time: number;
}

/** A run of text that two states have, or one of them. */
export interface VersionPart {
  readonly change: 'kept' | 'inserted' | 'removed';
  readonly text: string;
  /** The user who wrote it, where that is known. */
  readonly user?: string;
}

export interface VersionDifference {
  /** Long runs that were kept are cut in their middle. */
  readonly parts: readonly VersionPart[];
  /** There is more than is told. */
  readonly isCut: boolean;
}

/** Calls about the versions of documents of `/write`. They reject with `trimmed` for a version that is gone. */
export type WriteCalls = {
  /** The newest first. */
  readonly 'write/versions': CallDefinition<typeof VersionsRequest, readonly VersionInfo[]>;
  /** Keeps the document as it is now. Rejects with `unauthenticated` without a name. */
  readonly 'write/save-version': CallDefinition<typeof SaveRequest, VersionInfo>;
  /** The difference between a version and the document as it is now. */
  readonly 'write/compare': CallDefinition<typeof VersionRequest, VersionDifference>;
  /** Makes the document say what a version says. Resolves with whether anything differed. */
  readonly 'write/restore': CallDefinition<typeof VersionRequest, boolean>;
};
