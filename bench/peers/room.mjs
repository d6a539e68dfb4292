/**
 * What a raw peer is asked for: `/sub?room=R`, `/pub?room=R` or `/echo`.
 * @param {string} url
 */
export function parseTarget(url) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  return { role: pathname.slice(1), room: searchParams.get('room') ?? '' };
}

/**
 * The member set of a room, made on first use.
 * @template T
 * @param {Map<string, T>} rooms
 * @param {string} name
 * @param {() => T} create
 */
export function roomOf(rooms, name, create) {
  let room = rooms.get(name);
  if (room === undefined) rooms.set(name, (room = create()));
  return room;
}
