/** The Yjs clients that a member speaks for, as it says them. */
export interface Speaker {
  /** The user that the server authenticated; undefined for an anonymous one. */
  readonly user: string | undefined;
  /** Rises with each change of any member. */
  readonly version: number;
  readonly states: ReadonlyMap<number, object>;
}

/** The speaker of each Yjs client. */
export class Speakers {
  readonly #members = new Map<string, Speaker>();
  /** Members that claim to speak for a client, whoever came first in front. */
  readonly #claims = new Map<number, string[]>();

  /** The state of a Yjs client, in the words of the one member that speaks for it. */
  stateOf(client: number): object | undefined {
    return this.speakerOf(client)?.states.get(client);
  }

  /** The one member that speaks for a Yjs client. */
  speakerOf(client: number): Speaker | undefined {
    const owner = this.#claims.get(client)?.[0];
    return owner === undefined ? undefined : this.#members.get(owner);
  }

  clients(): Iterable<number> {
    return this.#claims.keys();
  }

  /** Takes what a member says now, or that it is gone. Returns the clients of which something may have changed. */
  set(member: string, speaker: Speaker | undefined): Iterable<number> {
    const before = this.#members.get(member)?.states ?? new Map<number, object>();
    if (speaker) this.#members.set(member, speaker);
    else this.#members.delete(member);
    const touched = new Set([...before.keys(), ...(speaker?.states.keys() ?? [])]);
    for (const client of touched) this.#claim(client, member, speaker);
    return touched;
  }

  #claim(client: number, member: string, speaker: Speaker | undefined): void {
    const claims = (this.#claims.get(client) ?? []).filter((other) => other !== member);
    const wasFirst = this.#claims.get(client)?.[0] === member;
    if (speaker?.states.has(client)) {
      const first = this.#members.get(claims[0] ?? '');
      // Nobody takes the id of another; but a user may come back before the connection from before has ended.
      const isOwn = speaker.user !== undefined && first?.user === speaker.user && speaker.version > first.version;
      if (wasFirst || isOwn) claims.unshift(member);
      else claims.push(member);
    }
    if (claims.length > 0) this.#claims.set(client, claims);
    else this.#claims.delete(client);
  }
}
