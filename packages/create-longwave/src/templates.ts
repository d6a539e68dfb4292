/** The applications that can be made, each a folder of `templates/`. The first is what `--yes` takes. */
export const templates = {
  chat: 'Rooms with history, presence and sign-in: React and Vite',
  dashboard: 'Hundreds of moving things, each viewer sees a part: React, Vite and SVG',
  document: 'A text that many people write at once: Yjs, CodeMirror and Vite',
  game: 'A room that the server steps, with prediction: React, Vite and canvas',
  bare: 'A server, a contract and a test',
} as const;

export type TemplateName = keyof typeof templates;

export const templateNames = Object.keys(templates) as readonly TemplateName[];

export function isTemplate(name: string): name is TemplateName {
  return Object.hasOwn(templates, name);
}
