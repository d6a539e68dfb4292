import { writeFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { slugOf } from '../../scripts/site/links.mjs';
import { readPages } from '../../scripts/site/pages.mjs';
import { referenceRoutes } from '../../scripts/site/reference.mjs';
import { root } from '../../scripts/lib/root.mjs';
import { staged } from '../../scripts/site/folders.mjs';
import { ruleIds } from '../../scripts/site/rules.mjs';
import { emptyHeads, linkRules, showFileNames } from './markdown.mjs';
import { plainPages } from './search.mjs';
import { sidebar } from './sidebar.mjs';
import { collectStyles, withoutInline } from './policy.mjs';

const base = '/docs/';
const isBuild = process.argv.includes('build') || process.env['LONGWAVE_SITE'] === 'build';
const styles = collectStyles();
const pages = [...readPages(), ...referenceRoutes()];
const first = pages.some(({ route }) => route === 'getting-started') ? '/getting-started' : '/channels';

export default defineConfig({
  title: 'Longwave',
  description: 'The realtime engine for TypeScript: real time that keeps its place.',
  lang: 'en',
  base,
  srcDir: `${root}${staged}`,
  outDir: `${root}${staged}-next`,
  cacheDir: `${root}.cache/vitepress`,
  cleanUrls: true,
  // Without a style sheet of its own that stops transitions, which the policy of the gallery refuses.
  appearance: { disableTransition: false },
  metaChunk: true,
  // Links to the reader's own server. All others are checked, here and by check-docs.
  ignoreDeadLinks: 'localhostLinks',
  head: [
    ['link', { rel: 'icon', href: `${base}icon.svg`, type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', content: '#0f6f6f' }],
    ...(isBuild ? [['link', { rel: 'stylesheet', href: `${base}code.css` }]] : []),
  ],
  markdown: {
    anchor: { slugify: slugOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    codeTransformers: isBuild ? [styles.transformer] : [],
    config(md) {
      showFileNames(md);
      emptyHeads(md);
      linkRules(md, ruleIds());
    },
  },
  transformHtml: (code, _id, context) => withoutInline(code, context.siteConfig.outDir, base),
  buildEnd: ({ outDir }) => writeFileSync(`${outDir}/code.css`, styles.css()),
  themeConfig: {
    logo: '/icon.svg',
    nav: [
      { text: 'Start', link: first },
      { text: 'Options', link: '/options' },
      { text: 'Reference', link: '/api' },
      { text: 'Gallery', link: '/..', target: '_self' },
    ],
    sidebar: sidebar(pages),
    outline: [2, 3],
    search: { provider: 'local', options: { _render: plainPages() } },
    docFooter: { prev: 'Before', next: 'Next' },
  },
});
