import * as Y from 'yjs';
import { textField } from '../../shared/documents.js';

/** A stretch of text with the marks of the editor's schema. */
type Stretch = string | { readonly text: string; readonly marks: Readonly<Record<string, object>> };

const bold = (text: string): Stretch => ({ text, marks: { bold: {} } });
const code = (text: string): Stretch => ({ text, marks: { code: {} } });

function block(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...stretches: Stretch[]
): Y.XmlElement {
  const element = new Y.XmlElement<Record<string, string | number>>(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  const text = new Y.XmlText();
  element.insert(0, [text]);
  text.applyDelta(
    stretches.map((each) =>
      typeof each === 'string' ? { insert: each } : { insert: each.text, attributes: each.marks },
    ),
  );
  return element as Y.XmlElement;
}

function group(name: string, children: readonly Y.XmlElement[]): Y.XmlElement {
  const element = new Y.XmlElement(name);
  element.insert(0, [...children]);
  return element;
}

const paragraph = (...stretches: Stretch[]): Y.XmlElement => block('paragraph', {}, ...stretches);
const heading = (level: number, text: string): Y.XmlElement => block('heading', { level }, text);
const list = (...items: Y.XmlElement[]): Y.XmlElement =>
  group(
    'bulletList',
    items.map((item) => group('listItem', [item])),
  );

/** The document that a visitor meets first: what can be done with it. */
export function fillWelcome(doc: Y.Doc): void {
  doc
    .getXmlFragment(textField)
    .insert(0, [
      heading(1, 'Write together'),
      paragraph(
        'This page is a document that everybody who is here writes at once. Open it in a second tab, take another name, and type into both.',
      ),
      heading(2, 'Things to try'),
      list(
        paragraph(
          'Select some words and ',
          bold('comment'),
          ' on them. The comment stays with its words, however they move.',
        ),
        paragraph('Undo with ', code('Ctrl+Z'), ': it takes back what you did, and leaves the work of others alone.'),
        paragraph('Cut your connection and go on writing. Reload the page meanwhile: what you wrote is still there.'),
        paragraph('Stop the server in the middle of a word, and start it again.'),
      ),
      group('blockquote', [
        paragraph('“All saved” stands above the text when the server has stored every change, and never before.'),
      ]),
      paragraph(
        'Markdown works as you type: ',
        code('# '),
        ' for a heading, ',
        code('- '),
        ' for a list, ',
        code('> '),
        ' for a quote.',
      ),
    ]);
}

/** Minutes of a meeting, to go on with. */
export function fillMinutes(doc: Y.Doc): void {
  doc
    .getXmlFragment(textField)
    .insert(0, [
      heading(1, 'Minutes'),
      paragraph('Everybody who is in the room writes here, at the same time. The last line is yours.'),
      heading(2, 'Decided'),
      list(
        paragraph('The dashboard follows the same channel as the alarms.'),
        paragraph('Nobody reloads a page on the night of the deploy: the tabs come back by themselves.'),
      ),
      heading(2, 'Open'),
      list(paragraph('Who tells the customers, and ', bold('when'), '?')),
    ]);
}

/** A list that everybody adds to. */
export function fillIdeas(doc: Y.Doc): void {
  doc
    .getXmlFragment(textField)
    .insert(0, [
      heading(1, 'Ideas'),
      paragraph('Add one, however odd. Mark words and comment on those of others.'),
      list(
        paragraph('A map that everybody pans together.'),
        paragraph('Captions that follow a talk, also for those who come late.'),
        paragraph('A queue at the counter that phones can watch.'),
      ),
    ]);
}
