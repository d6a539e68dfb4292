// The gallery serves the site under a policy that lets no script or style stand in a page. So scripts that VitePress writes into its
// pages become files, and colours of code become classes.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';

const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 10);

/**
 * A page whose inline scripts are files beside it. They run where they stood, before the page is painted. The two styles that the theme
 * renders on the server stand in `style.css`.
 */
export function withoutInline(html, outDir, base) {
  const styled = html.replaceAll(/ style="(?:position:relative;|--vp-vh:0px;)?"/g, '');
  return styled.replaceAll(/<script([^>]*)>([^<]+)<\/script>/g, (_, attributes, code) => {
    const name = `inline/${hash(code)}.js`;
    mkdirSync(`${outDir}/inline`, { recursive: true });
    writeFileSync(`${outDir}/${name}`, code);
    return `<script${attributes} src="${base}${name}"></script>`;
  });
}

/** Collects the `style` of highlighted code, as classes. */
export function collectStyles() {
  const rules = new Map();
  const toClass = (element) => {
    const style = element.properties.style;
    if (typeof style !== 'string' || style === '') return;
    delete element.properties.style;
    const name = `c-${hash(style)}`;
    rules.set(name, style);
    const before = element.properties.class;
    element.properties.class = [before, name].flat().filter(Boolean).join(' ');
  };
  return {
    transformer: {
      name: 'longwave:classes',
      // After the transformers of others, which may look at the style.
      enforce: 'post',
      pre: toClass,
      span: toClass,
    },
    css: () =>
      [...rules]
        .map(([name, style]) => `.${name}{${style}}`)
        .sort()
        .join('\n'),
  };
}
