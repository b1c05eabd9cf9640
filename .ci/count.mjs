import { readFileSync } from 'node:fs';

/** Prints `passed failed skipped` of a vitest JSON report; what went wrong outside any test is one failure. */
function count(path, exitCode) {
  const report = readReport(path);
  if (report === undefined) return [0, 1, 0];
  const { numPassedTests: passed, numPendingTests: pending, numTodoTests: todo } = report;
  // A file that could not even be loaded has no test that failed.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = report.numFailedTests + broken.length;
  const nothingRan = passed + failed === 0;
  const endedBadly = exitCode !== 0 && failed === 0;
  return [passed, failed + (nothingRan || endedBadly ? 1 : 0), pending + todo];
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const [path, exitCode] = process.argv.slice(2);
console.log(count(path, Number(exitCode)).join(' '));
