const mappedAddress = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Returns the key by which connects are counted: an IPv4 address, or the /64 of an IPv6 address, all of which one host
 * commonly has.
 */
export function addressKey(address: string): string {
  const mapped = mappedAddress.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === '' ? 0 : tail.split(':').length;
  if (address.includes('::')) {
    while (groups.length + behind < 8) groups.push('0');
    groups.push(...tail.split(':'));
  }
  const prefix = groups.slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
  return `${prefix.join(':')}::/64`;
}
