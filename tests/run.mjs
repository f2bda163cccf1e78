// `npm test`: format and lint, types, build, then every test. Streams what the steps say and ends with one plain line,
// `N passed, N failed`, in which a failing step counts as one failure. It knows nothing of what is tested.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const reportFile = `${root}tests/.artifacts/results.json`;
const waitingFile = `${root}tests/.artifacts/waiting.json`;
const node = process.execPath;
const bin = (name) => `${root}node_modules/.bin/${name}`;
/** Every group of vitest.config.ts must have run: a group that finds nothing is a failure, not a success. */
const GROUPS = {
  unit: (file) => !/\/tests\/(browser|process|faults|cluster|waiting)\//.test(file),
  browser: (file) => /\/tests\/(browser|process|faults)\//.test(file),
};
/** What takes minutes and costs nothing begins first and is waited for last. Not when single files are asked for. */
const isWhole = process.argv.length === 2;

/** A run that hangs is ended, and counts as failed. A slow machine is not a hang: about a quarter of an hour is usual on two cores. */
const LIMIT_MS = 40 * 60_000;

let passed = 0;
let failed = 0;

mkdirSync(`${root}tests/.artifacts`, { recursive: true });
for (const file of [reportFile, waitingFile]) rmSync(file, { force: true });
const waiting = isWhole ? testing('waiting', waitingFile, ['--project', 'waiting']) : null;

for (const [name, command, args, env] of [
  ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['types', bin('tsc'), []],
  // A test runner around this one may have set NODE_ENV=test, which would bundle React's development build.
  ['build', node, [`${root}server/bin/build.mjs`], { NODE_ENV: 'production' }],
]) {
  const code = await run(name, command, args, env);
  if (code === 0) passed += 1;
  else failed += 1;
}

const others = isWhole ? ['--project', 'unit', '--project', 'browser'] : process.argv.slice(2);
add(count(await testing('tests', reportFile, others), reportFile, isWhole ? GROUPS : {}));
if (waiting) add(count(await waiting, waitingFile, { waiting: () => true }));

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function testing(name, file, args) {
  return run(name, bin('vitest'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...args,
  ]);
}

function add(tests) {
  passed += tests.passed;
  failed += tests.failed;
}

/** Runs one step with its output streamed; resolves with its exit code (1 if a signal ended it or it could not start). */
function run(name, command, args, env = {}) {
  console.log(`\n▶ ${name}`);
  const startedAt = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.on('error', (error) => {
      console.error(`✗ ${name} could not start: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (exitCode, signal) => {
      clearTimeout(limit);
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      console.log(`${exitCode === 0 ? '✓' : '✗'} ${name} (${seconds} s${signal ? `, ended by ${signal}` : ''})`);
      resolve(exitCode ?? 1);
    });
  });
}

/** Counts single tests from vitest's report; whatever broke without being a test (a file, the run itself) counts once. */
function count(exitCode, file, groups) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`✗ no test report: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
  const result = { passed: 0, failed: 0 };
  let skipped = 0;
  for (const tested of report.testResults) {
    const statuses = tested.assertionResults.map((test) => test.status);
    const failures = statuses.filter((status) => status === 'failed').length;
    result.passed += statuses.filter((status) => status === 'passed').length;
    result.failed += failures;
    skipped += statuses.filter((status) => status !== 'passed' && status !== 'failed').length;
    if (tested.status === 'failed' && failures === 0) {
      console.error(`✗ ${tested.name} failed outside of its tests`);
      result.failed += 1;
    }
  }
  for (const [group, belongs] of Object.entries(groups)) {
    if (report.testResults.some((tested) => belongs(tested.name))) continue;
    console.error(`✗ no test of the group "${group}" ran`);
    result.failed += 1;
  }
  if (skipped > 0) console.log(`${skipped} skipped`);
  if (exitCode !== 0 && result.failed === 0) {
    console.error('✗ the test run failed outside of its tests (see above)');
    result.failed += 1;
  }
  return result;
}
