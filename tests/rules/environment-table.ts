// The table of environment variables in docs/operations.md, made of the schema in server/config.ts. `npm run environment` writes
// it; operations.test.ts fails while the page holds another one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { environmentSchema } from '../../server/config.ts';
import { ROOT, readSource } from './files.ts';

export const PAGE = 'docs/operations.md';
const BEGIN = '<!-- environment: written by `npm run environment` from server/config.ts -->';
const END = '<!-- /environment -->';

interface Variable {
  description?: string;
  /** What holds when it is not set and the schema has no default. */
  unset?: string;
  default?: string | number;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  format?: string;
}

/** The names of all variables that the server reads. */
export function variables(): Record<string, Variable> {
  const { properties = {} } = z.toJSONSchema(environmentSchema, { io: 'input' });
  return properties as Record<string, Variable>;
}

/** The table as Markdown, a line a variable. */
export function environmentTable(): string {
  const rows = Object.entries(variables()).map(([name, variable]) => {
    const standard = variable.default === undefined ? variable.unset : `\`${variable.default}\``;
    if (standard === undefined || variable.description === undefined) throw new Error(`${name} is not described`);
    return [`\`${name}\``, valuesOf(variable), standard, variable.description];
  });
  return [['variable', 'values', 'default', 'meaning'], Array(4).fill('---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** The page with the table between its two marks; everything else stays. */
export function withTable(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost the marks of its table`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${environmentTable()}\n\n${page.slice(end)}`;
}

function valuesOf(variable: Variable): string {
  if (variable.enum) return variable.enum.map((value) => `\`${value}\``).join(', ');
  if (variable.minimum !== undefined) return `${variable.minimum} to ${variable.maximum}`;
  return variable.format === 'uri' ? 'an address' : 'text';
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(join(ROOT, PAGE), withTable(readSource(PAGE)));
}
