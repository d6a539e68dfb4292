/** Colors of the theme as a canvas understands them. */
export interface Palette {
  readonly water: string;
  readonly land: string;
  readonly border: string;
  readonly text: string;
  readonly quiet: string;
  readonly ship: string;
  readonly aircraft: string;
  readonly accent: string;
}

export function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement('span');
  element.append(probe);
  const color = (name: string): string => {
    // A custom property itself may hold `light-dark(…)`.
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    water: color('map-water'),
    land: color('map-land'),
    border: color('map-border'),
    text: color('text'),
    quiet: color('text-quiet'),
    ship: color('map-ship'),
    aircraft: color('map-aircraft'),
    accent: color('accent'),
  };
  probe.remove();
  return palette;
}
