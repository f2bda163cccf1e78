// What an honest client does to a document: every kind of change to every kind of shared type, at random.
import * as Y from 'yjs';
import type { Random } from './random.ts';

/** Roots by the kind of their content. */
export const ROOTS = {
  'text/en': 'xml',
  'text/ru': 'xml',
  'text/ky': 'xml',
  facts: 'map',
  words: 'text',
  list: 'array',
} as const;
export type RootName = keyof typeof ROOTS;
export const ROOT_NAMES = Object.keys(ROOTS) as RootName[];

type Shared = Y.AbstractType<unknown>;

export function rootOf(doc: Y.Doc, name: RootName): Shared {
  switch (ROOTS[name]) {
    case 'xml':
      return doc.getXmlFragment(name) as unknown as Shared;
    case 'map':
      return doc.getMap(name) as unknown as Shared;
    case 'text':
      return doc.getText(name) as unknown as Shared;
    case 'array':
      return doc.getArray(name) as unknown as Shared;
  }
}

const SNIPPETS = ['a', 'слово ', '👍🏽', 'ң', 'long words here', '\n', 'x'.repeat(40)];
const FORMATS = [{ bold: {} }, { bold: null }, { italic: {} }, { link: { href: 'https://example.org' } }];
const KEYS = ['kind', 'level', 'id'];
const VALUES = [1, -7, 0.5, 'текст', true, null, undefined, { deep: [1, { er: 'ой' }] }, new Uint8Array([1, 2])];

/** One random change in `root`. Whatever stands there, odd content of others included, is survived. */
export function edit(doc: Y.Doc, root: RootName, random: Random): void {
  doc.transact(() => {
    for (let times = random.chance(0.8) ? 1 : 3; times > 0; times -= 1) change(rootOf(doc, root), random);
  });
}

function change(type: Shared, random: Random): void {
  const children = typesIn(type);
  if (children.length > 0 && random.chance(0.7)) change(random.pick(children), random);
  else if (type instanceof Y.Text) changeText(type, random);
  else if (type instanceof Y.XmlFragment) changeXml(type, random);
  else if (type instanceof Y.Map) changeMap(type, random);
  else if (type instanceof Y.Array) changeArray(type, random);
}

function typesIn(type: Shared): Shared[] {
  const types: Shared[] = [];
  const look = (item: Y.Item) => {
    if (!item.deleted && item.content instanceof Y.ContentType) types.push(item.content.type as Shared);
  };
  for (let item = type._start; item !== null; item = item.right) look(item);
  for (const item of type._map.values()) look(item);
  return types;
}

function changeText(text: Y.Text, random: Random): void {
  const at = random.below(text.length + 1);
  const length = Math.min(1 + random.below(6), text.length - at);
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      text.insert(at, random.pick(SNIPPETS));
      return;
    case 3:
      text.insert(at, random.pick(SNIPPETS), random.pick(FORMATS));
      return;
    case 4:
      text.insertEmbed(at, { image: 'x' });
      return;
    case 5:
    case 6:
      if (length > 0) text.delete(at, length);
      return;
    default:
      if (length > 0) text.format(at, length, random.pick(FORMATS));
  }
}

function changeXml(xml: Y.XmlFragment, random: Random): void {
  const at = random.below(xml.length + 1);
  switch (random.below(6)) {
    case 0:
    case 1: {
      const element = new Y.XmlElement('block');
      if (random.chance(0.7)) element.setAttribute('id', `b${random.below(50)}`);
      element.insert(0, [random.chance(0.8) ? new Y.XmlText(random.pick(SNIPPETS)) : new Y.XmlElement('inner')]);
      xml.insert(at, [element]);
      return;
    }
    case 2:
      xml.insert(at, [new Y.XmlText(random.pick(SNIPPETS))]);
      return;
    case 3:
      if (at < xml.length && xml.length > 1) xml.delete(at, 1);
      return;
    default:
      if (!(xml instanceof Y.XmlElement)) return;
      if (random.chance(0.8)) xml.setAttribute(random.pick(KEYS), String(random.below(9)));
      else xml.removeAttribute(random.pick(KEYS));
  }
}

function nested(random: Random): Shared {
  const type = random.pick([new Y.Map(), new Y.Array(), new Y.Text()]);
  return type as unknown as Shared;
}

function changeMap(map: Y.Map<unknown>, random: Random): void {
  const key = random.pick(KEYS);
  if (random.chance(0.6)) map.set(key, random.pick(VALUES));
  else if (random.chance(0.5)) map.set(key, nested(random));
  else map.delete(key);
}

function changeArray(array: Y.Array<unknown>, random: Random): void {
  const at = random.below(array.length + 1);
  if (random.chance(0.5))
    array.insert(at, [random.pick(VALUES) ?? null, random.pick(VALUES) ?? null].slice(random.below(2)));
  else if (random.chance(0.4)) array.insert(at, [nested(random)]);
  else if (at < array.length) array.delete(at, Math.min(1 + random.below(3), array.length - at));
}
