// `npm test`: format and lint, types, build, then every test. Streams what the steps say and ends with one plain line,
// `N passed, N failed`, in which a failing step counts as one failure. It knows nothing of what is tested.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const reportFile = `${root}tests/.artifacts/results.json`;
const node = process.execPath;
const bin = (name) => `${root}node_modules/.bin/${name}`;
/** Both groups of vitest.config.ts must have run: a group that finds nothing is a failure, not a success. */
const GROUPS = { unit: () => true, browser: (file) => /\/tests\/(browser|process|faults)\//.test(file) };

/** A run that hangs is ended, and counts as failed. A slow machine is not a hang: about ten minutes are usual on two cores. */
const LIMIT_MS = 40 * 60_000;

let passed = 0;
let failed = 0;

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

rmSync(reportFile, { force: true });
mkdirSync(`${root}tests/.artifacts`, { recursive: true });
const code = await run('tests', bin('vitest'), [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${reportFile}`,
  ...process.argv.slice(2),
]);
const tests = count(code);
passed += tests.passed;
failed += tests.failed;

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

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
function count(exitCode) {
  let report;
  try {
    report = JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch (error) {
    console.error(`✗ no test report: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
  const result = { passed: 0, failed: 0 };
  let skipped = 0;
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map((test) => test.status);
    const failures = statuses.filter((status) => status === 'failed').length;
    result.passed += statuses.filter((status) => status === 'passed').length;
    result.failed += failures;
    skipped += statuses.filter((status) => status !== 'passed' && status !== 'failed').length;
    if (file.status === 'failed' && failures === 0) {
      console.error(`✗ ${file.name} failed outside of its tests`);
      result.failed += 1;
    }
  }
  if (process.argv.length === 2) {
    for (const [group, belongs] of Object.entries(GROUPS)) {
      if (report.testResults.some((file) => belongs(file.name))) continue;
      console.error(`✗ no test of the group "${group}" ran`);
      result.failed += 1;
    }
  }
  if (skipped > 0) console.log(`${skipped} skipped`);
  if (exitCode !== 0 && result.failed === 0) {
    console.error('✗ the test run failed outside of its tests (see above)');
    result.failed += 1;
  }
  return result;
}
