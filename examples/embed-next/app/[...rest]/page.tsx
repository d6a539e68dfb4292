/** Pages of every other path. Longwave's own path does not come here. */
// oxlint-disable-next-line import/no-default-export -- Next asks for it.
export default function Rest() {
  return <p>Another page</p>;
}
