// Reads what the test programs left in .local/test-results (NAME.json in CTRF, NAME.exit, NAME.log) and says it readably.
//   test-summary.mjs suite FOLDER NAME                 the failures and one line of one suite
//   test-summary.mjs all FOLDER [--filtered] NAME...   the ten slowest tests, all totals, and last of all "N passed, N failed"
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const slowestShown = 10;
const stackLines = 6;
const logLines = 30;
const timedOut = 124; // timeout's exit code

const [verb, folder, ...rest] = process.argv.slice(2);
const filtered = rest[0] === "--filtered";
const names = filtered ? rest.slice(1) : rest;
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
const read = (name, ending) => {
  const file = join(folder, `${name}.${ending}`);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
};

function parse(name) {
  try {
    return JSON.parse(read(name, "json")).results;
  } catch {
    return undefined; // No report, or half of one: the program ended before it could write it.
  }
}

// A suite fails by its failed and skipped tests, and as a whole when it crashed, hung, or had an error outside of any test.
function load(name) {
  const exit = Number(read(name, "exit") || 1);
  const results = parse(name);
  const tests = (results?.tests ?? []).map((test) => ({ ...test, failed: test.status !== "passed" }));
  const failures = tests.filter(({ failed }) => failed);
  let fault;
  if (exit === timedOut) fault = "took too long and was ended";
  else if (!results) fault = `ended with exit code ${exit} and no report`;
  else if (exit !== 0 && failures.length === 0) fault = `ended with exit code ${exit} although no test failed`;
  else if (tests.length === 0 && !filtered) fault = "ran no test";
  const { start = 0, stop = 0 } = results?.summary ?? {};
  return { name, tests, failures, fault, passed: tests.length - failures.length, failed: failures.length + (fault ? 1 : 0), took: stop - start };
}

const indent = (text, lines) => text.trimEnd().split("\n").slice(0, lines).map((line) => `      ${line.trim()}`).join("\n");

function describe(test) {
  const lines = [`  FAILED ${test.name}`];
  if (test.status !== "failed") lines.push(`      It was ${test.status}: a test that does not run counts as failed.`);
  if (test.message) lines.push(indent(test.message, logLines));
  // Frames of the test framework and of the assertions say nothing about the fault.
  const stack = (test.trace ?? "").split("\n").filter((line) => /EventArchive/.test(line)).join("\n");
  if (stack) lines.push(indent(stack, stackLines));
  return lines.join("\n");
}

if (verb === "suite") {
  const suite = load(names[0]);
  for (const test of suite.failures) console.log(describe(test));
  if (suite.fault && suite.fault !== "ran no test") console.log(`  The suite ${suite.fault}. The end of its log:\n${read(suite.name, "log").split("\n").slice(-logLines).join("\n")}`);
  console.log(`${suite.name}: ${suite.passed} passed, ${suite.failures.length} failed in ${seconds(suite.took)}`);
} else if (verb === "all") {
  const suites = names.map(load);
  const tests = suites.flatMap((suite) => suite.tests);
  console.log("\n== Slowest tests");
  for (const test of [...tests].sort((one, other) => other.duration - one.duration).slice(0, slowestShown)) {
    console.log(`${seconds(test.duration).padStart(9)}  ${test.name.replace(/^EventArchive\.Tests\./, "")}`);
  }
  console.log("\n== Summary");
  for (const { name, passed, failures, fault, took } of suites) {
    console.log(`${name.padEnd(12)} ${String(passed).padStart(6)} passed ${String(failures.length).padStart(4)} failed ${seconds(took).padStart(9)}${fault ? `   it ${fault}` : ""}`);
  }
  const failures = suites.flatMap((suite) => suite.failures);
  for (const test of failures) console.log(`FAILED ${test.name}`);
  const passed = suites.reduce((sum, suite) => sum + suite.passed, 0);
  let failed = suites.reduce((sum, suite) => sum + suite.failed, 0);
  if (passed + failed === 0) {
    console.log("No test ran.");
    failed = 1;
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
} else {
  console.error("usage: test-summary.mjs suite FOLDER NAME | all FOLDER [--filtered] NAME...");
  process.exit(2);
}
