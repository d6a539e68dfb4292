import type { Fence } from '../../shared/fleet/fences.js';
import type { Vehicle } from '../../shared/fleet/fleet.js';
import { endsOf } from './placing.js';

/** Words for vehicles and places. */

export function nameOf(key: string): string {
  return `${key.startsWith('S') ? 'Ship' : 'Aircraft'} ${key}`;
}

export function routeWords({ route }: Pick<Vehicle, 'route'>): string {
  const { from, to } = endsOf(route);
  return `${from?.name ?? route} → ${to?.name ?? ''}`;
}

export function speedWords({ kind, speed }: Vehicle): string {
  if (speed === 0) return '0 km/h';
  return kind === 'ship' ? `${speed} km/h (${Math.round(speed / 1.852)} kn)` : `${speed} km/h`;
}

export function positionWords({ lng, lat }: Pick<Vehicle, 'lng' | 'lat'>): string {
  const part = (degrees: number, [positive, negative]: readonly [string, string]): string =>
    `${Math.abs(degrees).toFixed(3)}° ${degrees < 0 ? negative : positive}`;
  return `${part(lat, ['N', 'S'])}, ${part(lng, ['E', 'W'])}`;
}

const directions = ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'] as const;

export function headingWords(heading: number): string {
  return `${heading}°, ${directions[Math.round(heading / 45) % 8]}`;
}

export function statusWords({ kind, status }: Vehicle): string {
  if (status === 'underway') return kind === 'ship' ? 'Under way' : 'In the air';
  return kind === 'ship' ? 'In port' : 'At the gate';
}

export function fenceWords({ kind, shape }: Fence): string {
  const size = 'circle' in shape ? `within ${shape.circle[2]} km` : 'a box';
  return `${kind === 'ship' ? 'ships' : 'aircraft'}, ${size}`;
}

export function count(amount: number): string {
  return Math.round(amount).toLocaleString('en');
}
