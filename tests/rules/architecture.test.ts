// That the house stands as docs/architecture.md draws it: imports follow the arrows, every file says what it is for, and
// nothing of the machine it was written on got in.
import { describe, expect, it } from 'vitest';
import { filesUnder, importedPath, importsOf, isCode, readSource } from './files.ts';

/** Which other parts of the server a part may import. Files beside the folders (app.ts, main.ts) compose and may use all. */
const SERVER_ARROWS: Record<string, readonly string[]> = {
  updates: [],
  storage: ['updates'],
  formats: [],
  sync: ['storage', 'updates'],
  cluster: ['sync'],
  identity: ['storage'],
  reactions: ['sync', 'storage'],
  commands: ['sync', 'storage', 'formats', 'reactions'],
  sample: ['formats', 'storage', 'commands', 'identity'],
  http: ['commands', 'sync', 'storage', 'identity', 'formats'],
  live: ['commands', 'sync', 'storage', 'identity'],
};

const sources = ['client', 'server', 'shared', 'tests'].flatMap(filesUnder).filter(isCode);
const edges = sources.flatMap((file) =>
  importsOf(readSource(file)).map((specifier) => ({ file, specifier, target: importedPath(file, specifier) })),
);
const part = (path: string) => path.split('/')[0]!;

describe('imports', () => {
  it('of shared stay within shared and need neither Node nor a browser framework', () => {
    const offending = edges.filter(
      ({ file, specifier, target }) =>
        part(file) === 'shared' &&
        (target === null ? /^(node:|react|express|ws$|socket\.io|kysely)/.test(specifier) : part(target) !== 'shared'),
    );
    expect(offending).toEqual([]);
  });

  it('of client and server meet in shared only', () => {
    const offending = edges.filter(
      ({ file, target }) =>
        target !== null &&
        ((part(file) === 'client' && !['client', 'shared', 'translations'].includes(part(target))) ||
          (part(file) === 'server' &&
            !['server', 'shared', 'translations', 'dist', 'package.json'].includes(part(target)))),
    );
    expect(offending).toEqual([]);
  });

  it('within the server follow the arrows: http, live → commands → sync → storage', () => {
    const offending = edges.filter(({ file, target }) => {
      const from = /^server\/(\w+)\//.exec(file)?.[1];
      const to = target === null ? undefined : /^server\/(\w+)\//.exec(target)?.[1];
      const allowed = from === undefined ? undefined : SERVER_ARROWS[from];
      return allowed !== undefined && to !== undefined && to !== from && !allowed.includes(to);
    });
    expect(offending).toEqual([]);
  });

  it('of commands and above reach the sync engine through its interface only', () => {
    const offending = edges.filter(
      ({ file, target }) =>
        /^server\/(commands|reactions|http|live|identity)\//.test(file) &&
        target !== null &&
        /^server\/sync\//.test(target) &&
        target !== 'server/sync/types.ts',
    );
    expect(offending).toEqual([]);
  });

  it('of tests are never used by the product', () => {
    expect(
      edges.filter(({ file, target }) => part(file) !== 'tests' && target !== null && part(target) === 'tests'),
    ).toEqual([]);
  });
});

describe('files', () => {
  it('open with a sentence that says what they are for', () => {
    const silent = sources.filter((path) => !/^(#!.*\n)?(\/\/|\/\*)/.test(readSource(path)));
    expect(silent).toEqual([]);
  });

  it('stay short enough to be read in one go', () => {
    expect(sources.filter((path) => readSource(path).split('\n').length > 600)).toEqual([]);
  });

  it('leave nothing to be done later', () => {
    const marks = new RegExp(`\\b(${['TODO', 'FIXME', 'XXX', 'HACK'].join('|')})\\b`);
    const offending = sources.filter(
      (path) => path !== 'tests/rules/architecture.test.ts' && marks.test(readSource(path)),
    );
    expect(offending).toEqual([]);
  });

  it('name no package registry and no path of a machine', () => {
    const own = 'tests/rules/architecture.test.ts';
    const foreign = /registry\.(npmjs|yarnpkg)\.|verdaccio|artifactory|["'\s(=]\/(work|root|home\/\w+)\//i;
    const offending = filesUnder('.')
      .filter((path) => path !== own && !/\.(png|woff2|ico)$/.test(path))
      .filter((path) => foreign.test(readSource(path)));
    expect(offending).toEqual([]);
  });
});

describe('package-lock.json', () => {
  const lock = JSON.parse(readSource('package-lock.json')) as {
    packages: Record<string, { version?: string; resolved?: string }>;
  };

  it('holds one lib0, at least 0.2.120: older ones read past a buffer', () => {
    const versions = Object.entries(lock.packages)
      .filter(([path]) => path.endsWith('node_modules/lib0'))
      .map(([, entry]) => entry.version ?? '');
    expect(versions).toHaveLength(1);
    const [major, minor, patch] = versions[0]!.split('.').map(Number);
    expect(major! * 1e6 + minor! * 1e3 + patch!).toBeGreaterThanOrEqual(2_120);
  });

  it('holds one yjs, one y-protocols and one of each ProseMirror package: two copies do not know each other', () => {
    const shared = Object.keys(lock.packages).filter((path) =>
      /node_modules\/(yjs|y-protocols|prosemirror-[a-z-]+)$/.test(path),
    );
    expect(shared.filter((path) => path.lastIndexOf('node_modules/') > 0)).toEqual([]);
  });

  it('says where nothing came from', () => {
    expect(Object.values(lock.packages).filter((entry) => entry.resolved?.startsWith('http'))).toEqual([]);
  });

  it('pins every dependency exactly', () => {
    const { dependencies, devDependencies } = JSON.parse(readSource('package.json')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+$/.test(range),
    );
    expect(loose).toEqual([]);
  });
});
