/** The present wishes of a player. */
export interface Intent {
  /** Direction and strength, 1 at most. */
  readonly dx: number;
  readonly dy: number;
  readonly isFiring: boolean;
  /** Direction of the pointer, where one aims by it. */
  readonly aim: number | undefined;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const directions: Readonly<Record<string, Point>> = {
  ArrowUp: { x: 0, y: -1 },
  KeyW: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  KeyS: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  KeyA: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  KeyD: { x: 1, y: 0 },
};
const fireKeys: readonly string[] = ['Space', 'Enter'];
const dashKeys: readonly string[] = ['ShiftLeft', 'ShiftRight', 'KeyE'];

/** A mouse steers again when no key has steered for so long: a hand that rests on it is no order. */
const keysReignMs = 4000;
/** Pixels from the ship at which a pointer means full speed, and none. */
const [fullAt, noneAt] = [130, 26];

/** Turns keys, a mouse and fingers into what the player wants. Knows no page. */
export class Controls {
  readonly #keys = new Set<string>();
  /** Pressed since the last look: a key that is let go between two frames counts for one. */
  readonly #pressed = new Set<string>();
  #mouse: Point | undefined;
  #isPressed = false;
  #steeredAt = -Infinity;
  #stick: Point | undefined;
  #isTapped = false;
  #dashes = 0;

  /** Returns whether the key is one of the game's. */
  keyDown(code: string, now: number, isRepeat = false): boolean {
    const isSteering = code in directions;
    if (!isSteering && !fireKeys.includes(code) && !dashKeys.includes(code)) return false;
    if (isSteering) this.#steeredAt = now;
    if (dashKeys.includes(code) && !isRepeat) this.dash();
    this.#keys.add(code);
    if (!isRepeat) this.#pressed.add(code);
    return true;
  }

  keyUp(code: string, now: number): void {
    if (this.#keys.delete(code) && code in directions) this.#steeredAt = now;
  }

  /** Where the mouse is, in pixels from the middle of the ship; undefined: it has left. */
  point(at: Point | undefined): void {
    this.#mouse = at;
  }

  press(isPressed: boolean): void {
    this.#isPressed = isPressed;
  }

  /** A thumb on the stick, 1 at most; undefined: it was lifted. */
  stick(at: Point | undefined): void {
    this.#stick = at;
    if (at) this.#mouse = undefined;
  }

  tap(isTapped: boolean): void {
    this.#isTapped = isTapped;
  }

  dash(): void {
    this.#dashes++;
  }

  /** Dashes since the last time that it was asked, one at most. */
  takeDash(): boolean {
    const dashes = this.#dashes > 0;
    this.#dashes = 0;
    return dashes;
  }

  /** Nothing is held any more: the page lost its focus, or the player is out. */
  release(): void {
    this.#keys.clear();
    this.#pressed.clear();
    this.#isPressed = this.#isTapped = false;
    this.#stick = this.#mouse = undefined;
    this.#dashes = 0;
  }

  /** To be called for each frame. */
  read(now: number): Intent {
    const keys = new Set([...this.#keys, ...this.#pressed]);
    this.#pressed.clear();
    const byKeys = directionOf(keys);
    const isFiring = this.#isPressed || this.#isTapped || fireKeys.some((code) => keys.has(code));
    const aim = this.#mouse && Math.atan2(this.#mouse.y, this.#mouse.x);
    const steer = this.#stick ?? byKeys ?? (now - this.#steeredAt < keysReignMs ? undefined : this.#byMouse());
    return { dx: steer?.x ?? 0, dy: steer?.y ?? 0, isFiring, aim };
  }

  #byMouse(): Point | undefined {
    if (!this.#mouse) return undefined;
    const { x, y } = this.#mouse;
    const far = Math.hypot(x, y);
    if (far <= noneAt) return undefined;
    const strength = Math.min(1, (far - noneAt) / (fullAt - noneAt));
    return { x: (x / far) * strength, y: (y / far) * strength };
  }
}

function directionOf(keys: ReadonlySet<string>): Point | undefined {
  let [x, y] = [0, 0];
  for (const code of keys) {
    x += directions[code]?.x ?? 0;
    y += directions[code]?.y ?? 0;
  }
  [x, y] = [Math.sign(x), Math.sign(y)];
  const length = Math.hypot(x, y);
  return length > 0 ? { x: x / length, y: y / length } : undefined;
}
