// That docs/SPEC.md and the tests say the same: every rule has a test that carries its number, and every number is a rule.
import { describe, expect, it } from 'vitest';
import { filesUnder, readSource } from './files.ts';

const RULE = /^- \*\*([A-Z][A-Z0-9]*-\d+)\*\*/;
/** Capitals and a number that are not rules. */
const OTHER_NAMES = /^(UTF|ISO|SHA|RFC|BCP|ES|CP|KOI)-/;

describe('docs/SPEC.md', () => {
  const lines = readSource('docs/SPEC.md').split('\n');
  const rules = lines.flatMap((line) => RULE.exec(line)?.[1] ?? []);
  const proofs = filesUnder('tests')
    .filter((path) => path.endsWith('.ts') && !path.startsWith('tests/rules/'))
    .flatMap((path) => numbersInNames(readSource(path)));

  it('has rules, each once', () => {
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
  });

  it('keeps every rule in the section of its area', () => {
    let area = '';
    const misplaced: string[] = [];
    for (const line of lines) {
      area = /^## (\S+)/.exec(line)?.[1] ?? area;
      const rule = RULE.exec(line)?.[1];
      if (rule && !rule.startsWith(`${area}-`)) misplaced.push(rule);
    }
    expect(misplaced).toEqual([]);
  });

  it('has a test for every rule', () => {
    const proved = new Set(proofs);
    expect(rules.filter((rule) => !proved.has(rule))).toEqual([]);
  });

  it('has a rule for every number in the name of a test', () => {
    const known = new Set(rules);
    expect([...new Set(proofs)].filter((number) => !known.has(number))).toEqual([]);
  });
});

/** The numbers in the names of tests: in the strings handed to `it`, `test`, `describe`, and in any that begin with one. */
function numbersInNames(source: string): string[] {
  const names = [
    ...source.matchAll(/\b(?:it|test|describe)(?:\.\w+)*\(\s*(['"`])((?:(?!\1).)*)\1/gs),
    ...source.matchAll(/(['"`])([A-Z][A-Z0-9]*-\d+[ ,:](?:(?!\1).)*)\1/gs),
  ].map((match) => match[2]!);
  return names
    .flatMap((name) => [...name.matchAll(/\b[A-Z][A-Z0-9]*-\d+\b/g)].map((match) => match[0]))
    .filter((number) => !OTHER_NAMES.test(number));
}
