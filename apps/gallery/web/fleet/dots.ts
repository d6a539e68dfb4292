import type { Palette } from './palette.js';
import type { Track } from './tracks.js';

/** Paints thousands of vehicles as dots, pixel by pixel: several times as fast as by a rectangle each. */
export interface Dots {
  /** `pixels` has the place of each of `tracks`, x and y in turn. Covers all that was on the canvas. */
  paint(tracks: readonly Track[], pixels: Float32Array, palette: Palette, pixelRatio: number): void;
}

export function createDots(context: CanvasRenderingContext2D): Dots {
  let image: ImageData | undefined;
  let colors: { readonly of: Palette; readonly ship: number; readonly aircraft: number } | undefined;

  /** A color as the four bytes of a pixel. */
  const bytesOf = (color: string): number => {
    const one = new OffscreenCanvas(1, 1).getContext('2d')!;
    one.fillStyle = color;
    one.fillRect(0, 0, 1, 1);
    return new Uint32Array(one.getImageData(0, 0, 1, 1).data.buffer)[0]!;
  };

  return {
    paint: (tracks, pixels, palette, pixelRatio) => {
      const { width, height } = context.canvas;
      if (image?.width !== width || image.height !== height) image = new ImageData(width, height);
      if (colors?.of !== palette) {
        colors = { of: palette, ship: bytesOf(palette.ship), aircraft: bytesOf(palette.aircraft) };
      }
      const data = new Uint32Array(image.data.buffer);
      data.fill(0);
      const size = Math.max(1, Math.round(2 * pixelRatio));
      for (let i = 0; i < tracks.length; i++) {
        const color = colors[tracks[i]!.vehicle.kind];
        const left = Math.round(pixels[2 * i]! * pixelRatio - size / 2);
        const top = Math.round(pixels[2 * i + 1]! * pixelRatio - size / 2);
        if (left < 0 || left + size > width) continue;
        for (let y = Math.max(0, top); y < Math.min(height, top + size); y++) {
          data.fill(color, y * width + left, y * width + left + size);
        }
      }
      context.putImageData(image, 0, 0);
    },
  };
}
