// That what docs/operations tells those who run the server is what the server does: variables, and names of figures.
import { describe, expect, it } from 'vitest';
import { environmentTable, PAGE, variables, withTable } from './environment-table.ts';
import { filesUnder, isCode, readSource } from './files.ts';

describe('the table of environment variables', () => {
  it('is what `npm run environment` makes of the schema', () => {
    expect(withTable(readSource(PAGE))).toBe(readSource(PAGE));
    expect(environmentTable().split('\n')).toHaveLength(Object.keys(variables()).length + 2);
  });

  it('has every variable of ours that the program mentions', () => {
    const mentioned = filesUnder('server')
      .filter(isCode)
      .flatMap((path) => readSource(path).match(/\bKOPURO_[A-Z_]+\b/g) ?? []);
    expect([...new Set(mentioned)].sort()).toEqual(
      Object.keys(variables())
        .filter((name) => name.startsWith('KOPURO_'))
        .sort(),
    );
  });
});
