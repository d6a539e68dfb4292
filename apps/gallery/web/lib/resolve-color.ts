/** As a canvas understands it: a custom property itself may hold `light-dark(…)`. `element` is where the color is to hold. */
export function resolveColor(element: HTMLElement, value: string): string {
  element.style.color = value;
  return getComputedStyle(element).color;
}
