import { type DocumentArea, isDocumentName, publicDocuments } from '../../shared/documents.js';
import type { Saved } from '../lib/saved.js';

const maxKept = 12;

/** The public documents, and those that this browser has opened, the newest first. */
export function listDocuments(saved: Saved, area: DocumentArea, current: string): readonly string[] {
  const everybody: readonly string[] = publicDocuments[area];
  const own = [current, ...readKept(saved, area)].filter((id) => isDocumentName(id) && !everybody.includes(id));
  return [...everybody, ...new Set(own)].slice(0, everybody.length + maxKept);
}

export function keepDocument(saved: Saved, area: DocumentArea, id: string): void {
  const everybody: readonly string[] = publicDocuments[area];
  const kept = readKept(saved, area);
  if (everybody.includes(id) || !isDocumentName(id) || kept.includes(id)) return;
  saved.write(`documents:${area}`, [id, ...kept].slice(0, maxKept));
}

function readKept(saved: Saved, area: DocumentArea): readonly string[] {
  const value = saved.read(`documents:${area}`);
  return Array.isArray(value) ? value.filter((id) => typeof id === 'string' && isDocumentName(id)) : [];
}
