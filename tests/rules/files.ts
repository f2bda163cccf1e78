// The repository's own files, read for the checks in this folder: what would be in a commit, without what is built or installed.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const LEFT_OUT = new Set(['node_modules', 'dist', 'data', 'coverage', '.git', '.artifacts']);

/** Paths of all files under `folder`, relative to the repository's root, with `/`. */
export function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

export function readSource(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function isCode(path: string): boolean {
  return /\.(ts|tsx|mjs)$/.test(path);
}

/** The path that a relative import in `file` leads to, from the root; null for a package. */
export function importedPath(file: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  return relative(ROOT, join(ROOT, file, '..', specifier))
    .split(sep)
    .join('/');
}

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(['"])([^'"\n]+)\1/g;

/** What a file imports: static, dynamic and worker imports alike. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORT)].map((match) => match[2]!);
}
