import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Position } from 'longwave/client';
import type { RoomState } from './room-state.js';
import type { Room } from './room.js';

/** Nearer to the end than this counts as being there. */
const nearBottomPx = 48;

interface Held {
  readonly key: string;
  /** From the top of the view to the top of the entry. */
  readonly gapPx: number;
}

export interface Scrolling {
  readonly list: RefObject<HTMLDivElement | null>;
  readonly isAtBottom: boolean;
  /** Arrived since the reader left the bottom. */
  readonly newCount: number;
  readonly onScroll: () => void;
  readonly toBottom: () => void;
}

/**
 * Follows the end while the reader is there. Otherwise holds the topmost visible entry where it is, whatever
 * is put in above or below it, and keeps its position so that a reload finds it again.
 */
export function useScroll(room: Room, state: RoomState): Scrolling {
  const list = useRef<HTMLDivElement>(null);
  // Set after a reload, and when coming back from another page.
  const [place] = useState(() => room.place());
  const [isAtBottom, setAtBottom] = useState(place === undefined);
  const follows = useRef(place === undefined);
  const held = useRef<Held | undefined>(place && { key: `${place.epoch}:${place.offset}`, gapPx: 0 });
  const seenEnd = useRef<string | undefined>(undefined);
  const [newCount, setNewCount] = useState(0);

  const settle = useCallback(() => {
    const element = list.current;
    if (!element) return;
    const atBottom = element.scrollHeight - element.scrollTop - element.clientHeight < nearBottomPx;
    follows.current = atBottom;
    held.current = atBottom ? undefined : topmost(element);
    room.savePlace(atBottom ? undefined : positionOf(held.current));
    setAtBottom(atBottom);
    if (atBottom) setNewCount(0);
  }, [room]);

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    if (follows.current) element.scrollTop = element.scrollHeight;
    else if (held.current) hold(element, held.current);
    // Content that fits without scrolling never fires a scroll event.
    if (!follows.current && state.entries.length > 0 && element.scrollHeight <= element.clientHeight) settle();
  }, [settle, state.entries, state.outgoing, state.older]);

  // The view also changes its height by itself (a keyboard opens, the composer grows, the window turns), and so do messages: they
  // are edited and reacted to.
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (follows.current) element.scrollTop = element.scrollHeight;
      else if (held.current) hold(element, held.current);
    });
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const last = state.entries.at(-1)?.key;
    const previous = seenEnd.current;
    seenEnd.current = last;
    if (follows.current || previous === undefined || last === previous) return;
    const known = state.entries.findLastIndex((entry) => entry.key === previous);
    if (known >= 0) setNewCount((count) => count + state.entries.length - 1 - known);
  }, [state.entries]);

  const toBottom = useCallback(() => {
    const element = list.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    settle();
  }, [settle]);

  return { list, isAtBottom, newCount, onScroll: settle, toBottom };
}

function entriesOf(list: HTMLElement): NodeListOf<HTMLElement> {
  return list.querySelectorAll<HTMLElement>('[data-key]');
}

function topmost(list: HTMLElement): Held | undefined {
  const top = list.getBoundingClientRect().top;
  for (const entry of entriesOf(list)) {
    const box = entry.getBoundingClientRect();
    const key = entry.dataset['key'];
    if (box.bottom > top && key !== undefined) return { key, gapPx: box.top - top };
  }
  return undefined;
}

function hold(list: HTMLElement, { key, gapPx }: Held): void {
  for (const entry of entriesOf(list)) {
    if (entry.dataset['key'] !== key) continue;
    list.scrollTop += entry.getBoundingClientRect().top - list.getBoundingClientRect().top - gapPx;
    return;
  }
}

function positionOf(held: Held | undefined): Position | undefined {
  const split = held?.key.lastIndexOf(':') ?? -1;
  if (!held || split < 0) return undefined;
  return { epoch: held.key.slice(0, split), offset: Number(held.key.slice(split + 1)) };
}
